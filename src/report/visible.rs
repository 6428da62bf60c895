//! Texts from accounts, made safe to show: what would steer a terminal, reorder a line or break a file is written out.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The text with line breaks and tabs kept and every other character that does not show written out, such as `\x1b`.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |character| character == '\n' || character == '\t')
}

/// The text in one line: what [`lines`] does, and line breaks are written out too.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// Prose in one line: white space of any length is one blank, the rest as in [`line`].
pub fn prose(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line(&joined).into_owned()
}

/// The text cut to a width of columns, where full-width characters take two, with an ellipsis when it was cut.
pub fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    let (mut kept, mut used) = (String::new(), 0);
    for character in text.chars() {
        let width = character.width().unwrap_or(0);
        if used + width > columns.saturating_sub(1) {
            break;
        }
        used += width;
        kept.push(character);
    }
    kept.push('…');
    Cow::Owned(kept)
}

fn escaped(text: &str, kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hides = |character: char| hidden(character) && !kept(character);
    if !text.contains(hides) {
        return Cow::Borrowed(text);
    }
    // Windows line breaks are line breaks, not a stray character before one.
    let text = text.replace("\r\n", "\n");
    let mut result = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if !hides(character) {
            result.push(character);
            continue;
        }
        match character {
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            other => {
                // Writing to a String cannot fail.
                let _ = match u32::from(other) {
                    code @ ..0x100 => write!(result, "\\x{code:02x}"),
                    code => write!(result, "\\u{{{code:x}}}"),
                };
            }
        }
    }
    Cow::Owned(result)
}

/// Whether a character steers instead of showing: controls, direction overrides, separators, zero-width spaces and the
/// code points that are no characters. The joiners that emoji and Indic scripts need are not among them.
fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{fffb}')
        || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_is_written_out() {
        assert_eq!(line("a\u{1b}[31mb\u{7}"), "a\\x1b[31mb\\x07");
        assert_eq!(line("a\r\nb\tc"), "a\\nb\\tc");
        assert_eq!(lines("a\r\nb\tc\rd"), "a\nb\tc\\rd");
        assert_eq!(line("x\u{202e}gpj.exe"), "x\\u{202e}gpj.exe");
        assert_eq!(line("\u{9b}1m\u{ffff}\u{1ffff}"), "\\x9b1m\\u{ffff}\\u{1ffff}");
        assert_eq!(prose("  two\n lines\u{0}"), "two lines\\x00");
    }

    #[test]
    fn what_shows_stays() {
        for text in ["備え <b>&amp;", "👩‍👩‍👧 🇯🇵", "_x0041_", "=1+1"] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn cuts_by_columns() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abcde…");
        assert_eq!(cut("災害対策", 6), "災害…");
        assert_eq!(cut("abc", 0), "…");
    }
}
