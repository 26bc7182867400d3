//! What people write above the columns of a list, in the languages of our clients, squeezed as in
//! `variable_name.rs`.

/// Squeezed heads, the best first: of two phones the first is called.
pub(super) const PHONE_HEADS: &[&str] = &[
    "phone",
    "phonenumber",
    "telephone",
    "telephonenumber",
    "tel",
    "telno",
    "mobile",
    "mobilephone",
    "mobilenumber",
    "cell",
    "cellphone",
    "cellnumber",
    "primaryphone",
    "phone1",
    "businessphone",
    "workphone",
    "homephone",
    "telefon",
    "telefonnummer",
    "handy",
    "handynummer",
    "mobil",
    "mobilnummer",
    "rufnummer",
    "telefono",
    "celular",
    "movil",
    "numerodetelephone",
    "portable",
    "telefone",
    "telemovel",
    "cellulare",
];
/// Heads that may mean a phone; the values decide.
pub(super) const PERHAPS_PHONE: &[&str] =
    &["phone", "mobile", "telefon", "telephone", "number", "contact", "whatsapp", "tel"];
pub(super) const NAME_HEADS: &[&str] = &[
    "name",
    "fullname",
    "leadname",
    "contactname",
    "customername",
    "clientname",
    "contact",
    "contactperson",
    "ansprechpartner",
    "nombrecompleto",
    "nomcomplet",
    "nomecompleto",
];
pub(super) const FIRST_NAME_HEADS: &[&str] =
    &["firstname", "first", "givenname", "forename", "vorname", "prenom", "nombre", "nome", "primeironome"];
pub(super) const LAST_NAME_HEADS: &[&str] = &[
    "lastname",
    "last",
    "surname",
    "familyname",
    "nachname",
    "apellido",
    "apellidos",
    "nom",
    "nomdefamille",
    "cognome",
    "sobrenome",
];
pub(super) const TIME_ZONE_HEADS: &[&str] =
    &["timezone", "tz", "timezonename", "localtimezone", "zeitzone", "zonahoraria", "fuseauhoraire", "fusohorario"];
pub(super) const POSTAL_CODE_HEADS: &[&str] =
    &["postalcode", "postcode", "zip", "zipcode", "zippostalcode", "plz", "postleitzahl", "codigopostal", "codepostal"];
pub(super) const EXTERNAL_ID_HEADS: &[&str] = &[
    "externalid",
    "extid",
    "id",
    "leadid",
    "contactid",
    "customerid",
    "clientid",
    "recordid",
    "crmid",
    "kundennummer",
    "customernumber",
];
