//! Markdown that says what was meant, whatever the text: mdBook reads it as `CommonMark` with tables.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A text in one line, for paragraphs, lists, headings and the cells of tables.
pub fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    // At the beginning of a line a digit and a dot make a list.
    let digits = joined.bytes().take_while(u8::is_ascii_digit).count();
    for (place, letter) in joined.char_indices() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => out.extend(['\\', letter]),
            '#' | '+' | '-' | '=' | ':' if place == 0 => out.extend(['\\', letter]),
            '.' | ')' if place == digits && digits > 0 => out.extend(['\\', letter]),
            letter if hidden(letter) => {
                let _ = write!(out, "U+{:04X}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out
}

/// Lines of prose: each a line of its own in the page too.
pub fn lines(several: &str) -> String {
    let lines: Vec<String> = several.lines().map(text).filter(|line| !line.is_empty()).collect();
    lines.join("\\\n")
}

/// Code in a line.
pub fn code(code: &str) -> String {
    let joined = visible(code).split_whitespace().collect::<Vec<_>>().join(" ");
    if joined.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&joined) + 1);
    // One blank on each side is taken away again, so that code may begin and end with a backtick.
    let blank = if joined.starts_with('`') || joined.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{joined}{blank}{fence}")
}

/// Code in the cell of a table, where a bar would end the cell.
pub fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Lines of code.
pub fn block(language: &str, code: &str) -> String {
    let code = visible(code);
    let fence = "`".repeat(longest_run(&code).max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", code.trim_end_matches('\n'))
}

/// A link to another page, or to a page of AWS. Anything that is no web address is shown as code.
pub fn web_link(address: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    if address.starts_with("https://") && address.bytes().all(plain) {
        format!("[{}](<{address}>)", text(address))
    } else {
        code(address)
    }
}

/// A table; nothing without rows. Cells are Markdown already.
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    let _ = writeln!(out, "| {} |", head.iter().map(|cell| text(cell)).collect::<Vec<_>>().join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(head.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0)
}

/// Code as it is, with what does not show written out.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|letter: char| letter != '\n' && hidden(letter)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.replace('\t', "    ").chars() {
        if letter != '\n' && hidden(letter) {
            let _ = write!(out, "U+{:04X}", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// Whether a character shows nothing, or turns around what is beside it.
fn hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        assert_eq!(text("# a"), r"\# a");
        assert_eq!(text("- a"), r"\- a");
        assert_eq!(text("1. a"), r"1\. a");
        assert_eq!(text("12) a 3. b"), r"12\) a 3. b");
        assert_eq!(text("<b>&amp;</b>"), "&lt;b&gt;&amp;amp;&lt;/b&gt;");
        assert_eq!(text("a|b *c* _d_ [e](f) `g` \\ ~~h~~"), r"a\|b \*c\* \_d\_ \[e\](f) \`g\` \\ \~\~h\~\~");
        assert_eq!(text(" a\n\nb\tc "), "a b c");
        assert_eq!(text("a\u{202e}b\u{7}"), "aU+202EbU+0007");
        assert_eq!(text("--- | ==="), r"\--- \| ===");
        assert_eq!(lines("a\n\n# b\n"), "a\\\n\\# b");
    }

    #[test]
    fn code_stays_code() {
        assert_eq!(code("a || b"), "`a || b`");
        assert_eq!(cell_code("a || b"), r"`a \|\| b`");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code(""), "");
        assert_eq!(block("sh", "a\n```\nb\n"), "````sh\na\n```\nb\n````\n");
        assert_eq!(block("sh", "a"), "```sh\na\n```\n");
    }

    #[test]
    fn links_lead_to_the_web_alone() {
        assert_eq!(web_link("https://a.example/b_c"), r"[https://a.example/b\_c](<https://a.example/b_c>)");
        assert_eq!(web_link("javascript:alert(1)"), "`javascript:alert(1)`");
        assert_eq!(web_link("https://a.example/>x"), "`https://a.example/>x`");
    }

    #[test]
    fn a_table_has_as_many_bars_as_it_should() {
        let table = table(&["a|b", "c"], &[vec![text("d|e"), cell_code("f|g")]]);
        assert_eq!(table, "| a\\|b | c |\n| --- | --- |\n| d\\|e | `f\\|g` |\n");
        assert_eq!(super::table(&["a"], &[]), "");
    }
}
