mod domain;

fn main() {}
