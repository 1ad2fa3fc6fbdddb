use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// All events of bytes that come in these pieces, as texts; `Err` where one is too long.
fn events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<(String, String)>, TooLong> {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    for piece in pieces {
        decoder.push(piece);
        while let Some(event) = decoder.next()? {
            events.push((text(event.name), text(event.data)));
        }
    }
    if let Some(event) = decoder.end()? {
        events.push((text(event.name), text(event.data)));
    }
    Ok(events)
}

/// Compares the data of all events, whole and split at every byte.
fn check(stream: &str, expected: &[&str]) {
    let expected = Ok(expected.iter().map(|data| (String::new(), (*data).to_owned())).collect());
    assert_eq!(events([stream.as_bytes()]), expected);
    assert_eq!(events(stream.as_bytes().chunks(1)), expected, "byte by byte");
    for at in 0..stream.len() {
        let (before, behind) = stream.as_bytes().split_at(at);
        assert_eq!(events([before, behind]), expected, "split at {at}");
    }
}

#[test]
fn lines_end_in_any_of_three_ways() {
    for end in ["\n", "\r\n", "\r"] {
        check(&format!("data: a{end}{end}data: b{end}{end}"), &["a", "b"]);
        check(&format!("data: a{end}data: b{end}{end}"), &["a\nb"]);
    }
}

#[test]
fn one_space_after_the_colon_is_not_the_values() {
    check("data:a\n\ndata: b\n\ndata:  c\n\ndata\n\ndata:\n\n", &["a", "b", " c", "", ""]);
}

#[test]
fn comments_blank_lines_and_other_fields_say_nothing() {
    check(": keep-alive\n\n\n\n:\nid: 7\nretry: 5\nnonsense\n\ndata: a\n: within\ndata: b\n\n", &["a\nb"]);
}

#[test]
fn mark_of_the_byte_order_is_skipped_once() {
    check("\u{feff}data: a\n\n", &["a"]);
    check("\u{feff}\u{feff}data: a\n\ndata: b\n\n", &["b"]);
}

#[test]
fn event_at_the_end_needs_no_blank_line() {
    check("data: a\n\ndata: [DONE]", &["a", "[DONE]"]);
    check("data: a\n", &["a"]);
    check("", &[]);
}

#[test]
fn name_is_that_of_its_event_alone() {
    let expected = [("error", "a"), ("", "b"), ("c", "d")];
    let expected = Ok(expected.map(|(name, data)| (name.to_owned(), data.to_owned())).to_vec());
    let stream = b"event: error\ndata: a\n\nevent: lost\n\ndata: b\n\nevent: x\nevent: c\ndata: d\n\n";
    assert_eq!(events([stream.as_slice()]), expected);
}

#[test]
fn event_has_a_most() {
    let line = |length: usize| format!("data: {}\n", "a".repeat(length)).into_bytes();
    let pieces = |bytes: &[u8]| events(bytes.chunks(1 << 14)).map(|events| events.len());
    assert_eq!(pieces(&line(MOST_BYTES - 6)), Ok(1));
    assert_eq!(pieces(&line(MOST_BYTES + 1)), Err(TooLong));
    assert_eq!(pieces(&line(MOST_BYTES / 4).repeat(5)), Err(TooLong));
    let endless = ":".repeat(MOST_BYTES + 1);
    let mut decoder = Decoder::default();
    decoder.push(endless.as_bytes());
    assert_eq!(decoder.next(), Err(TooLong));
}

proptest! {
    #[test]
    fn events_are_the_same_however_they_are_split(
        datas in vec("[a-z\\{\\}: é]{0,20}", 0..8),
        sizes in vec(1usize..9, 1..200),
    ) {
        let stream = datas.iter().map(|data| format!("data: {data}\r\n\r\n")).collect::<Vec<_>>().concat();
        let mut rest = stream.as_bytes();
        let pieces = sizes.iter().map_while(|size| {
            let (piece, behind) = rest.split_at((*size).min(rest.len()));
            rest = behind;
            (!piece.is_empty()).then_some(piece)
        });
        let mut pieces: Vec<_> = pieces.collect();
        pieces.push(rest);
        let expected: Vec<_> = datas.into_iter().map(|data| (String::new(), data)).collect();
        prop_assert_eq!(events(pieces), Ok(expected));
    }
}
