//! Markdown from texts that nobody can trust: what is not [`Md`] cannot get into a document.
//!
//! Names come from accounts. A pipe would end a table's cell, a bracket would begin a link, a tag would be HTML; so
//! texts are escaped, and identifiers stand in code spans, in which nothing is marked up.

use std::fmt::Write as _;

use crate::report::visible;

/// A piece of Markdown in one line that is safe to put anywhere, also into a table's cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Md(String);

impl Md {
    /// A text that means nothing but itself. Line breaks stay.
    pub(super) fn text(text: &str) -> Self {
        let text = visible::lines(text);
        Self(text.trim().lines().map(line).collect::<Vec<_>>().join("<br>"))
    }

    /// A part of a line: white space at its ends stays.
    pub(super) fn piece(text: &str) -> Self {
        let start = text.len() - text.trim_start().len();
        let end = text.trim_end().len().max(start);
        let blank = |text: Option<&str>| if text.is_some_and(|text| !text.is_empty()) { " " } else { "" };
        let inner = Self::text(text).0;
        Self(match inner.as_str() {
            "" => blank(Some(text)).to_owned(),
            inner => format!("{}{inner}{}", blank(text.get(..start)), blank(text.get(end..))),
        })
    }

    /// A name or a value, letter by letter.
    pub(super) fn code(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::text(text);
        }
        let text = visible::line(text).replace('|', "\\|");
        let fence = "`".repeat(longest_run(&text) + 1);
        let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
        Self(format!("{fence}{pad}{text}{pad}{fence}"))
    }

    /// The same in bold.
    pub(super) fn bold(self) -> Self {
        if self.0.is_empty() { self } else { Self(format!("**{}**", self.0)) }
    }

    /// A link to another document. `path` is one of ours.
    pub(super) fn link(text: &str, path: &str) -> Self {
        Self(format!("[{}]({path})", line(text)))
    }

    /// A web address, as a link when it is one.
    pub(super) fn address(text: &str) -> Self {
        let plain = |character: char| character.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(character);
        let is_web = text.starts_with("https://") || text.starts_with("http://");
        if is_web && text.chars().all(plain) { Self(format!("<{text}>").replace('|', "%7C")) } else { Self::text(text) }
    }

    /// One after the other.
    pub(super) fn join<'m>(pieces: impl IntoIterator<Item = &'m Md>, between: &str) -> Self {
        let pieces: Vec<&str> =
            pieces.into_iter().map(|piece| piece.0.as_str()).filter(|text| !text.is_empty()).collect();
        Self(pieces.join(between))
    }

    /// This and then that.
    pub(super) fn then(mut self, other: &Md) -> Self {
        self.0.push_str(&other.0);
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The characters that begin markup, each with a backslash before it.
fn line(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + 8);
    let characters: Vec<char> = text.trim().chars().collect();
    let word =
        |place: Option<usize>| place.and_then(|place| characters.get(place)).is_some_and(|it| it.is_alphanumeric());
    let digits = characters.iter().take_while(|character| character.is_ascii_digit()).count();
    for (place, &character) in characters.iter().enumerate() {
        let marks = match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' => true,
            // Within a word it is a letter: `backup_retention_period`.
            '_' => !(word(place.checked_sub(1)) && word(Some(place + 1))),
            // At the start of a line: a heading, a list, a rule.
            '#' | '+' | '-' | '=' => place == 0,
            '.' | ')' => digits > 0 && place == digits && characters.get(place + 1).is_none_or(|next| *next == ' '),
            // Some renderers make a link of every address.
            ':' => characters.get(place + 1) == Some(&'/') && characters.get(place + 2) == Some(&'/'),
            '@' => true,
            _ => false,
        };
        if marks {
            result.push('\\');
        }
        result.push(character);
        if character == 'w' && result.to_ascii_lowercase().ends_with("www") && characters.get(place + 1) == Some(&'.') {
            result.push('\\');
        }
    }
    result
}

fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

/// A document that is being written, from the top to the bottom.
#[derive(Debug, Default)]
pub(super) struct Document {
    text: String,
    /// Whether it ends in a list, to which what belongs to its last item may be added.
    in_list: bool,
    /// Whether it ends in an item of a list, after which another one needs no gap.
    tight: bool,
}

impl Document {
    pub(super) fn new(title: &Md) -> Self {
        let mut document = Self::default();
        document.heading(1, title);
        document
    }

    /// A heading with a number.
    pub(super) fn numbered(&mut self, level: usize, number: usize, text: &Md) {
        self.heading(level, &Md(format!("{number}. {}", text.0)));
    }

    pub(super) fn heading(&mut self, level: usize, text: &Md) {
        self.gap();
        let _ = writeln!(self.text, "{} {}", "#".repeat(level.clamp(1, 6)), text.0);
    }

    pub(super) fn paragraph(&mut self, text: &Md) {
        if !text.is_empty() {
            self.gap();
            let _ = writeln!(self.text, "{}", text.0);
        }
    }

    /// A list; `mark` is `-`, `- [ ]` or `1.`.
    pub(super) fn list<'m>(&mut self, mark: &str, items: impl IntoIterator<Item = &'m Md>) {
        for item in items {
            if !self.tight {
                self.gap();
            }
            let _ = writeln!(self.text, "{mark} {}", item.0);
            (self.in_list, self.tight) = (true, true);
        }
    }

    /// A table. Without rows there is none.
    pub(super) fn table(&mut self, head: &[Md], rows: &[Vec<Md>]) {
        if rows.is_empty() {
            return;
        }
        self.gap();
        let mut row = |cells: &[Md]| {
            let cells: Vec<&str> = cells.iter().map(|cell| cell.0.as_str()).collect();
            let _ = writeln!(self.text, "| {} |", cells.join(" | "));
        };
        row(head);
        row(&vec![Md("---".to_owned()); head.len()]);
        for cells in rows {
            row(cells);
        }
    }

    /// A command. It belongs to the item of a list that stands before it.
    pub(super) fn shell(&mut self, text: &str) {
        let text = visible::lines(text.trim_end());
        let fence = "`".repeat(longest_run(&text).max(2) + 1);
        let block = format!("{fence}sh\n{text}\n{fence}");
        self.belonging(block.lines());
    }

    /// A remark. It belongs to the item of a list that stands before it.
    pub(super) fn remark(&mut self, text: &Md) {
        self.belonging([text.0.as_str()].into_iter());
    }

    fn belonging<'l>(&mut self, lines: impl Iterator<Item = &'l str>) {
        let (in_list, margin) = (self.in_list, if self.in_list { "  " } else { "" });
        self.gap();
        for line in lines {
            let _ = writeln!(self.text, "{margin}{line}");
        }
        self.in_list = in_list;
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn gap(&mut self) {
        (self.in_list, self.tight) = (false, false);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_mean_nothing_but_themselves() {
        for (text, expected) in [
            ("backup_retention_period", "backup_retention_period"),
            ("_a_ *b* `c`", "\\_a\\_ \\*b\\* \\`c\\`"),
            ("<script>alert(1)</script>&amp;", "\\<script\\>alert(1)\\</script\\>\\&amp;"),
            ("a|b\nc", "a\\|b<br>c"),
            ("[x](javascript:alert(1))", "\\[x\\](javascript:alert(1))"),
            ("# no heading", "\\# no heading"),
            ("1. no list", "1\\. no list"),
            ("1.5 h", "1.5 h"),
            ("https://evil.example", "https\\://evil.example"),
            ("see www.evil.example", "see www\\.evil.example"),
            ("\u{1b}[31m", "\\\\x1b\\[31m"),
        ] {
            assert_eq!(Md::text(text).0, expected);
        }
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(Md::code("mks-auth").0, "`mks-auth`");
        assert_eq!(Md::code("a`b").0, "``a`b``");
        assert_eq!(Md::code("`").0, "`` ` ``");
        assert_eq!(Md::code("a|b\nc").0, "`a\\|b\\nc`");
        assert_eq!(Md::code(""), Md::default());
    }

    #[test]
    fn only_web_addresses_are_links() {
        assert_eq!(Md::address("https://docs.aws.amazon.com/a?b=c#d").0, "<https://docs.aws.amazon.com/a?b=c#d>");
        for text in ["javascript:alert(1)", "https://a.example/>x", "runbooks/rds.pdf"] {
            assert!(!Md::address(text).0.starts_with('<'), "{text}");
        }
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        let mut document = Document::default();
        document.shell("echo '```'\n");
        assert_eq!(document.finish(), "````sh\necho '```'\n````\n");
    }
}
