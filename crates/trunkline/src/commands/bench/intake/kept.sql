select count(*) from events where source = 'webhook'
