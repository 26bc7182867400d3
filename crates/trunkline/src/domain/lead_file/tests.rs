//! Whole files in, leads and problems out.

use super::*;

fn options() -> LeadFileOptions {
    LeadFileOptions { country: Country::parse("US").unwrap(), columns: None }
}

/// Each row in one line, in the order: leads, duplicates, problems.
fn said(file: &LeadFile) -> Vec<String> {
    let lead = |lead: &LeadRow| {
        let LeadRow { line, phone, name, time_zone, postal_code, external_id, variables } = lead;
        let zone = time_zone.as_ref().and_then(TimeZone::iana_name).map(|zone| format!(" {zone}"));
        let code = postal_code.as_ref().map(|code| format!(" at {code}")).unwrap_or_default();
        let id = external_id.as_ref().map(|id| format!(" #{id}"));
        let variables: Vec<_> = variables.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        let variables = variables.concat();
        let name = if name.is_empty() { String::new() } else { format!(" {name}") };
        format!("{line}: {phone}{name}{}{code}{}{variables}", zone.unwrap_or_default(), id.unwrap_or_default())
    };
    let leads = file.leads.iter().map(lead);
    let duplicates = file.duplicates.iter().map(|row| format!("{}: duplicate of line {}", row.line, row.of_line));
    let problems = file.problems.iter().map(|p| format!("{}: {} {:?}: {}", p.line, p.column, p.value, p.reason));
    leads.chain(duplicates).chain(problems).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_bytes(text.as_bytes(), expected);
}

#[track_caller]
fn check_bytes(bytes: &[u8], expected: &[&str]) {
    let said = match read_leads(bytes, &options()) {
        Ok(file) => said(&file),
        Err(error) => vec![error.to_string()],
    };
    assert_eq!(said, expected);
}

#[test]
fn a_plain_file_gives_its_leads() {
    check(
        "Name,Phone,Plan\nAnn,(312) 555-0146,gold\nBob,+44 20 7946 0958,\n",
        &["2: +13125550146 Ann plan=gold", "3: +442079460958 Bob"],
    );
}

#[test]
fn names_zones_and_ids_are_found_under_many_heads() {
    check(
        "External id;First name;Last name;Telefon;Time zone;E-Mail\nA-1;Ann;Ash;3125550146;Eastern;ann@example.com\n",
        &["2: +13125550146 Ann Ash America/New_York #A-1 e_mail=ann@example.com first_name=Ann last_name=Ash"],
    );
    check("Vorname,Telefon\nAnn,3125550146", &["2: +13125550146 Ann first_name=Ann"]);
}

#[test]
fn a_list_of_bare_phones_needs_no_head() {
    check("3125550146\n312 555 0147\n", &["1: +13125550146", "2: +13125550147"]);
}

#[test]
fn bad_rows_are_listed_and_good_rows_kept() {
    check(
        "Name,Phone,Time zone\nAnn,312 555 01,\nBob,3125550147,Mars\nCid,3125550148,\nDee,,MST\n",
        &[
            "4: +13125550148 Cid",
            "2: Phone \"312 555 01\": phone is too short: 312 555 01 has 8 digits, 10 are needed",
            "3: Time zone \"Mars\": \"Mars\" is no time zone; write it like America/New_York",
            "5: Phone \"\": phone is empty",
            "5: Time zone \"MST\": \"MST\" may be America/Denver or America/Phoenix; write the one that is meant",
        ],
    );
}

#[test]
fn a_number_that_is_never_called_is_told_at_import() {
    check(
        "Phone\n900 555 0146\n800 555 0146\n+870 773 111 632",
        &[
            "2: Phone \"900 555 0146\": phone is a premium rate number, which is never called",
            "3: Phone \"800 555 0146\": phone is a toll-free number, which is never called",
            "4: Phone \"+870 773 111 632\": phone is a satellite or global network number, which is never called",
        ],
    );
}

#[test]
fn the_first_row_of_a_phone_wins_however_it_is_written() {
    check(
        "Phone,Name\n3125550146,Ann\n+1 (312) 555-0146,Ann again\n312.555.0146,And again",
        &["2: +13125550146 Ann", "3: duplicate of line 2", "4: duplicate of line 2"],
    );
}

#[test]
fn lines_are_right_after_cells_of_many_lines() {
    check(
        "Phone,Note\r\n3125550146,\"one\r\ntwo\r\nthree\"\r\n\r\n311,x\r\n",
        &[
            "2: +13125550146 note=one\r\ntwo\r\nthree",
            "6: Phone \"311\": phone is too short: 311 has 3 digits, 10 are needed",
        ],
    );
}

#[test]
fn a_row_with_too_many_cells_is_not_guessed_at() {
    check(
        "Name,Phone\nAnn,3125550146,,\nDoe, John,3125550147\n",
        &[
            "2: +13125550146 Ann",
            "3: Column 3 \"3125550147\": the row has 3 cells and the head has 2: quote cells that contain the delimiter",
        ],
    );
}

#[test]
fn an_open_quote_does_not_swallow_the_rest_in_silence() {
    check(
        "Phone,Note\n3125550146,ok\n3125550147,\"oops\n3125550148,ok\n",
        &[
            "2: +13125550146 note=ok",
            "3: Phone \"3125550147\": a quote is opened here and never closed: all rows below were read as part of \
             this one",
        ],
    );
}

#[test]
fn a_cell_without_end_is_refused() {
    let long = "x".repeat(CELL_CHARS_MAX + 1);
    let shown = "x".repeat(SHOWN_CHARS_MAX);
    let problem = format!("2: Note \"{shown}…\": has more than 2000 characters");
    check(&format!("Phone,Note\n3125550146,{long}"), &[&problem]);
}

#[test]
fn files_of_old_spreadsheets_are_read() {
    check_bytes(b"Phone;Name\r\n3125550146;Jos\xe9\r\n", &["2: +13125550146 José"]);
    let utf_16: Vec<u8> = "\u{feff}Phone\tName\n3125550146\tZoë".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check_bytes(&utf_16, &["2: +13125550146 Zoë"]);
    check("sep=;\nPhone;Note\n3125550146;a,b,c", &["3: +13125550146 note=a,b,c"]);
    check("\u{feff}Phone\n\"=\"\"3125550146\"\"\"", &["2: +13125550146"]);
}

#[test]
fn a_file_of_no_use_says_why() {
    check("", &["the file is empty"]);
    check("\n \n", &["the file is empty"]);
    check("Name,Phone\n", &["the file has no rows below its head"]);
    check("Name,City\nAnn,Chicago", &["no column holds phone numbers; the columns are: Name, City"]);
    check_bytes(b"PK\x03\x04", &["this is an Excel workbook: save it as CSV"]);
    let wide = vec!["x"; COLUMNS_MAX + 1].join(",");
    check(&wide, &["the file has 201 columns, at most 200 are possible"]);
}

#[test]
fn too_large_a_file_is_refused_whole() {
    let bytes = vec![b'x'; LEAD_FILE_BYTES_MAX + 1];
    check_bytes(&bytes, &["the file is larger than 64 MiB: split it"]);
    let rows = format!("Phone\n{}", "1\n".repeat(ROWS_MAX + 1));
    check(&rows, &["the file has more than 200000 rows: split it"]);
}

#[test]
fn problems_beyond_the_shown_ones_are_counted() {
    let file = read_leads(format!("Phone\n{}", "1\n".repeat(1500)).as_bytes(), &options()).unwrap();
    assert_eq!((file.row_count, file.problem_row_count, file.problems.len()), (1500, 1500, PROBLEMS_MAX));
}

#[test]
fn zero_characters_are_dropped() {
    let utf_16: Vec<u8> = "\u{feff}Phone,Note\n3125550146,a\0b".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check_bytes(&utf_16, &["2: +13125550146 note=ab"]);
}

proptest::proptest! {
    /// No row is lost without a word.
    #[test]
    fn every_row_is_a_lead_a_duplicate_or_a_problem(text in "(Phone,Name\n)?([0-9]{3,11}|\"|,|;|\r?\n|é| ){0,40}") {
        if let Ok(file) = read_leads(text.as_bytes(), &options()) {
            let found = file.leads.len() + file.duplicates.len() + file.problem_row_count;
            proptest::prop_assert_eq!(found, file.row_count);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(0_u8.., 0..300)) {
        let _ = read_leads(&bytes, &options());
    }
}

#[test]
fn a_postal_code_tells_the_zone_and_stays_a_variable() {
    let too_long = "somewhere behind the hills";
    check(
        &format!("Phone,Zip\n2125550146,60614\n2125550147,{too_long}\n"),
        &["2: +12125550146 at 60614 zip=60614", &format!("3: +12125550147 zip={too_long}")],
    );
}
