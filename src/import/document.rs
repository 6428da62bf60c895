//! A YAML file with a list of entries, changed in place: what nobody changed keeps its text, its comments and its order.
//!
//! Values are written by the library that reads them; what is ours is where they go. Whatever comes out is read again and
//! compared with what was meant before anybody sees it.

use std::ops::Range;

use granit_parser::{Event, Parser, StructureStyle};
use serde_json::{Map, Value as Json};

use crate::diagnostic::{Diagnostic, SourceFile};
use crate::yaml;

/// An entry of the list.
pub(super) type Entry = Map<String, Json>;

/// Why a file cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It cannot be read.
    #[error("{0}")]
    Invalid(Box<Diagnostic>),
    /// Its layout is none that can be changed safely.
    #[error(
        "{path} is laid out in a way that cannot be changed without harm: write `{list}:` as a list with a line for each key"
    )]
    Layout {
        /// The file.
        path: String,
        /// The list.
        list: &'static str,
    },
}

/// A file that is being changed.
#[derive(Debug)]
pub(super) struct Document {
    file: SourceFile,
    list: &'static str,
    order: &'static [&'static str],
    root: Option<Node>,
    before: Json,
    /// The entries as they are to be.
    entries: Vec<Entry>,
    /// How many of them were there before.
    old: usize,
}

/// How much is written again when a part of it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Keys,
    Entries,
    List,
}

#[derive(Debug, Clone)]
struct Node {
    span: Range<usize>,
    kind: Kind,
    /// Whether it has no anchor, alias or tag anywhere inside.
    simple: bool,
}

#[derive(Debug, Clone)]
enum Kind {
    Scalar(String),
    Sequence { flow: bool, items: Vec<Node> },
    Mapping { flow: bool, entries: Vec<(Node, Node)> },
}

impl Document {
    /// Reads a file whose key `list` holds entries with the keys of `order`, which is the order of new ones.
    pub(super) fn read(
        file: &SourceFile,
        list: &'static str,
        order: &'static [&'static str],
    ) -> Result<Self, DocumentError> {
        let before: Json = yaml::parse(file).map_err(DocumentError::Invalid)?;
        let layout = || DocumentError::Layout { path: file.path.display().to_string(), list };
        let entries = match before.get(list) {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::Array(entries)) => {
                entries.iter().map(|entry| entry.as_object().cloned()).collect::<Option<Vec<_>>>().ok_or_else(layout)?
            }
            Some(_) => return Err(layout()),
        };
        let root = Some(nodes(&file.text).ok_or_else(layout)?).filter(|root| !root.is(""));
        Ok(Self { file: file.clone(), list, order, root, before, old: entries.len(), entries })
    }

    /// The entries as they are to be.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The line of an entry, from one; none for one that is new.
    pub(super) fn line(&self, entry: usize) -> Option<usize> {
        let node = self.items().filter(|_| entry < self.old)?.get(entry)?;
        Some(self.file.position(node.span.start).0)
    }

    /// Whether an entry can be changed without harm to others: none of it stands elsewhere in the file.
    pub(super) fn simple(&self, entry: usize) -> bool {
        entry >= self.old || self.items().and_then(|items| items.get(entry)).is_some_and(|node| node.simple)
    }

    /// Changes a key of an entry; null removes it.
    pub(super) fn set(&mut self, entry: usize, key: &str, value: Json) {
        let Some(entry) = self.entries.get_mut(entry) else { return };
        if value.is_null() {
            entry.shift_remove(key);
        } else {
            entry.insert(key.to_owned(), value);
        }
    }

    /// Adds an entry at the end, and says where it is.
    pub(super) fn push(&mut self, entry: Entry) -> usize {
        self.entries.push(entry);
        self.entries.len() - 1
    }

    /// The new text; none when nothing changed.
    pub(super) fn finish(&self) -> Result<Option<String>, DocumentError> {
        let (old, _) = self.halves();
        let same = self.before_entries().iter().zip(old).all(|(before, after)| before.as_object() == Some(after));
        if same && self.old == self.entries.len() {
            return Ok(None);
        }
        // Key by key first; where the result is not what was meant, entries as a whole, then all of them.
        for exact in [false, true] {
            for extent in [Extent::Keys, Extent::Entries, Extent::List] {
                if let Some(text) = self.text(extent, exact)
                    && self.is_meant(&text)
                {
                    return Ok(Some(text));
                }
            }
        }
        Err(DocumentError::Layout { path: self.file.path.display().to_string(), list: self.list })
    }

    fn before_entries(&self) -> &[Json] {
        self.before.get(self.list).and_then(Json::as_array).map_or(&[], Vec::as_slice)
    }

    fn halves(&self) -> (&[Entry], &[Entry]) {
        self.entries.split_at(self.old.min(self.entries.len()))
    }

    /// Whether a text says what the file is to say, and nothing else.
    fn is_meant(&self, text: &str) -> bool {
        let Ok(after) = yaml::parse::<Json>(&SourceFile::new(&self.file.path, text)) else { return false };
        let mut meant = match &self.before {
            Json::Object(root) => root.clone(),
            _ => Map::new(),
        };
        let entries = self.entries.iter().map(|entry| Json::Object(entry.clone())).collect();
        meant.insert(self.list.to_owned(), Json::Array(entries));
        after == Json::Object(meant)
    }

    fn list_node(&self) -> Option<&(Node, Node)> {
        match &self.root.as_ref()?.kind {
            Kind::Mapping { entries, .. } => entries.iter().find(|(key, _)| key.is(self.list)),
            _ => None,
        }
    }

    fn items(&self) -> Option<&Vec<Node>> {
        match &self.list_node()?.1.kind {
            Kind::Sequence { items, .. } => Some(items),
            _ => None,
        }
    }

    fn text(&self, extent: Extent, exact: bool) -> Option<String> {
        let source = &*self.file.text;
        let mut patches: Vec<(Range<usize>, String)> = Vec::new();
        let all = || self.entries.iter().map(|entry| self.block(entry, 2, exact)).collect::<Option<Vec<_>>>();
        match (self.root.as_ref(), self.list_node()) {
            (Some(Node { kind: Kind::Mapping { flow: true, .. }, .. }), _) => {
                let mut root = self.before.as_object()?.clone();
                root.shift_remove(self.list);
                let head = if root.is_empty() { String::new() } else { emit(&root, exact)?.join("\n") + "\n" };
                return Some(format!("{head}{}:\n{}\n", self.list, all()?.join("\n")));
            }
            (Some(_), Some((key, value))) => match &value.kind {
                Kind::Sequence { flow: false, items } if extent != Extent::List => {
                    self.entry_patches(items, extent, exact, &mut patches)?;
                }
                _ if self.old == 0 || matches!(value.kind, Kind::Sequence { .. }) => {
                    let start = key.span.end + source.get(key.span.end..)?.find(':')? + 1;
                    patches.push((start..value.end().max(start), format!("\n{}", all()?.join("\n"))));
                }
                _ => return None,
            },
            (root, _) => {
                let end = root.map_or(source.trim_end().len(), |node| line_end(source, node.end()));
                let gap = if end == 0 { "" } else { "\n" };
                let last = if end == source.len() { "\n" } else { "" };
                patches.push((end..end, format!("{gap}{}:\n{}{last}", self.list, all()?.join("\n"))));
            }
        }
        // The order of insertion stays for what goes to the same place.
        patches.sort_by_key(|(range, _)| range.start);
        let mut text = String::with_capacity(source.len());
        let mut at = 0;
        for (range, patch) in patches {
            text.push_str(source.get(at..range.start)?);
            text.push_str(&if source.contains("\r\n") { patch.replace('\n', "\r\n") } else { patch });
            at = range.end;
        }
        text.push_str(source.get(at..)?);
        Some(text)
    }

    fn entry_patches(
        &self,
        items: &[Node],
        extent: Extent,
        exact: bool,
        patches: &mut Vec<(Range<usize>, String)>,
    ) -> Option<()> {
        let source = &*self.file.text;
        let (old, new) = self.halves();
        for ((node, before), after) in items.iter().zip(self.before_entries()).zip(old) {
            let before = before.as_object()?;
            if before == after {
                continue;
            }
            let dash = dash(source, node.span.start)?;
            let keywise = match &node.kind {
                Kind::Mapping { flow: false, entries } if extent == Extent::Keys => {
                    self.key_patches(entries, before, after, exact)
                }
                _ => None,
            };
            match keywise {
                Some(of_keys) => patches.extend(of_keys),
                None => {
                    let text = self.block(after, column(source, dash), exact)?;
                    patches.push((dash..node.end(), text.trim_start().to_owned()));
                }
            }
        }
        let last = items.last()?;
        let indent = column(source, dash(source, last.span.start)?);
        let end = line_end(source, last.end());
        for entry in new {
            patches.push((end..end, format!("\n{}", self.block(entry, indent, exact)?)));
        }
        Some(())
    }

    /// The patches of an entry with a line for each key; none when that cannot be done.
    fn key_patches(
        &self,
        keys: &[(Node, Node)],
        before: &Entry,
        after: &Entry,
        exact: bool,
    ) -> Option<Vec<(Range<usize>, String)>> {
        let source = &*self.file.text;
        let indent = column(source, keys.first()?.0.span.start);
        let mut patches = Vec::new();
        for (key, value) in keys {
            let name = key.text()?;
            match after.get(name) {
                Some(meant) if before.get(name) == Some(meant) => {}
                // A mapping of the entry, such as its facts, is changed key by key too.
                Some(Json::Object(meant)) if !meant.is_empty() && value.is_block_mapping() => {
                    let (Kind::Mapping { entries, .. }, Some(was)) = (&value.kind, before.get(name)?.as_object())
                    else {
                        return None;
                    };
                    patches.extend(self.key_patches(entries, was, meant, exact)?);
                }
                Some(meant) => patches.push((key.span.start..value.end(), lines(name, meant, indent, exact)?)),
                None => {
                    let start = line_start(source, key.span.start);
                    if !source.get(start..key.span.start)?.trim().is_empty() {
                        return None;
                    }
                    let end = line_end(source, value.end());
                    let newline = source.get(end..)?.find('\n').map_or(source.len(), |place| end + place + 1);
                    patches.push((start..newline, String::new()));
                }
            }
        }
        for (name, meant) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            let place = |name: &str| self.order.iter().position(|known| *known == name).unwrap_or(usize::MAX);
            let stays = |(key, _): &&(Node, Node)| key.text().is_some_and(|name| after.contains_key(name));
            // Behind the last key that comes before it, or else behind the first. What has no order goes to the end.
            let before = |(key, _): &&(Node, Node)| key.text().is_some_and(|known| place(known) < place(name));
            let (_, value) = match place(name) {
                usize::MAX => keys.iter().rfind(stays)?,
                _ => keys.iter().filter(stays).rfind(before).or_else(|| keys.iter().find(stays))?,
            };
            let end = line_end(source, value.end());
            patches.push((end..end, format!("\n{}{}", " ".repeat(indent), lines(name, meant, indent, exact)?)));
        }
        Some(patches)
    }

    /// An entry as a block of lines.
    fn block(&self, entry: &Entry, indent: usize, exact: bool) -> Option<String> {
        let mut ordered = Entry::new();
        for key in self.order.iter().filter(|key| entry.contains_key(**key)) {
            ordered.insert((*key).to_owned(), entry.get(*key)?.clone());
        }
        for (key, value) in entry {
            ordered.entry(key.clone()).or_insert_with(|| value.clone());
        }
        let mut text = String::new();
        for (number, line) in emit(&ordered, exact)?.into_iter().enumerate() {
            let lead = if number == 0 { "- " } else { "  " };
            if number > 0 {
                text.push('\n');
            }
            if !line.is_empty() {
                text.push_str(&" ".repeat(indent));
                text.push_str(lead);
                text.push_str(&line);
            }
        }
        Some(text)
    }
}

/// `key: value`, the lines below the first indented.
fn lines(key: &str, value: &Json, indent: usize, exact: bool) -> Option<String> {
    let mut one = Map::new();
    one.insert(key.to_owned(), value.clone());
    let indent = " ".repeat(indent);
    let mut text = String::new();
    for (number, line) in emit(&one, exact)?.into_iter().enumerate() {
        if number > 0 {
            text.push('\n');
            if !line.is_empty() {
                text.push_str(&indent);
            }
        }
        text.push_str(&line);
    }
    Some(text)
}

/// A mapping as lines of YAML. Blank lines of a text are empty lines, unless their blanks count.
fn emit(entry: &Entry, exact: bool) -> Option<Vec<String>> {
    let options = serde_saphyr::ser_options! {
        compact_list_indent: false,
        // A text is one line, or its own lines: never wrapped.
        folded_wrap_chars: 1_000_000,
        // Days stand without quotes.
        yaml_12: true,
        no_lang_directive: true,
    };
    let text = serde_saphyr::to_string_with_options(entry, options).ok()?;
    let lines = text.strip_suffix('\n').unwrap_or(&text).split('\n');
    Some(lines.map(|line| if !exact && line.trim().is_empty() { "" } else { line }.to_owned()).collect())
}

impl Node {
    fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }

    fn is_block_mapping(&self) -> bool {
        matches!(self.kind, Kind::Mapping { flow: false, .. })
    }

    fn is(&self, text: &str) -> bool {
        self.text() == Some(text)
    }

    /// The end of what it shows. Blocks end with the last thing in them, not where the next thing begins.
    fn end(&self) -> usize {
        match &self.kind {
            Kind::Sequence { flow: false, items } => items.last().map_or(self.span.end, Node::end),
            Kind::Mapping { flow: false, entries } => entries.last().map_or(self.span.end, |(_, value)| value.end()),
            _ => self.span.end,
        }
    }
}

/// The root of a text, an empty scalar for a file without content; none for what cannot be followed.
fn nodes(text: &str) -> Option<Node> {
    let mut events = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        match event {
            Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd => {}
            Event::Alias(_)
            | Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::SequenceEnd
            | Event::MappingStart(..)
            | Event::MappingEnd => events.push((event, span.byte_range()?)),
            // Comments and the like are no values.
            _ => {}
        }
    }
    let mut events = events.into_iter();
    match events.next() {
        None => Some(Node { span: 0..0, kind: Kind::Scalar(String::new()), simple: true }),
        Some(first) => node(first, &mut events, text),
    }
}

type Events<'e> = std::vec::IntoIter<(Event<'e>, Range<usize>)>;

fn node<'e>((event, span): (Event<'e>, Range<usize>), rest: &mut Events<'e>, text: &str) -> Option<Node> {
    match event {
        Event::Scalar(value, _, anchor, tag) => {
            // A block of text ends with its last line, whatever blank lines follow.
            let shown = text.get(span.clone())?.trim_end().len();
            let span = span.start..span.start + shown;
            Some(Node { span, kind: Kind::Scalar(value.into_owned()), simple: anchor == 0 && tag.is_none() })
        }
        Event::Alias(_) => Some(Node { span, kind: Kind::Scalar(String::new()), simple: false }),
        Event::SequenceStart(style, anchor, tag) => {
            let mut simple = anchor == 0 && tag.is_none();
            let mut items = Vec::new();
            loop {
                match rest.next()? {
                    (Event::SequenceEnd, end) => {
                        let flow = matches!(style, StructureStyle::Flow);
                        return Some(Node { span: span.start..end.end, kind: Kind::Sequence { flow, items }, simple });
                    }
                    other => {
                        let item = node(other, rest, text)?;
                        simple &= item.simple;
                        items.push(item);
                    }
                }
            }
        }
        Event::MappingStart(style, anchor, tag) => {
            let mut simple = anchor == 0 && tag.is_none();
            let mut entries: Vec<(Node, Node)> = Vec::new();
            loop {
                match rest.next()? {
                    (Event::MappingEnd, end) => {
                        let start = entries.first().map_or(span.start, |(key, _)| key.span.start.min(span.start));
                        let flow = matches!(style, StructureStyle::Flow);
                        return Some(Node { span: start..end.end, kind: Kind::Mapping { flow, entries }, simple });
                    }
                    other => {
                        let key = node(other, rest, text)?;
                        let mut value = node(rest.next()?, rest, text)?;
                        if value.span.is_empty() {
                            // Nothing stands there: its place is behind the colon.
                            let colon = key.span.end + text.get(key.span.end..)?.find(':')? + 1;
                            value.span = colon..colon;
                        }
                        simple &= key.simple && value.simple && !key.is("<<");
                        entries.push((key, value));
                    }
                }
            }
        }
        _ => None,
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |place| place + 1)
}

/// The end of the line without its break.
fn line_end(text: &str, at: usize) -> usize {
    let end = text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |place| at + place);
    if end > at && text.as_bytes().get(end - 1) == Some(&b'\r') { end - 1 } else { end }
}

fn column(text: &str, at: usize) -> usize {
    text.get(line_start(text, at)..at).map_or(0, |before| before.chars().count())
}

/// The dash of a list's item.
fn dash(text: &str, item: usize) -> Option<usize> {
    let before = text.get(..item)?.trim_end_matches([' ', '\n', '\r']);
    before.ends_with('-').then(|| before.len() - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const ORDER: &[&str] = &["rule", "status", "text", "evidence", "facts"];

    fn document(text: &str) -> Document {
        Document::read(&SourceFile::new("answers.yaml", text), "answers", ORDER).expect("a document")
    }

    fn entry(value: Json) -> Entry {
        serde_json::from_value(value).expect("an object")
    }

    /// The text after a change.
    fn after(text: &str, change: impl FnOnce(&mut Document)) -> String {
        let mut document = document(text);
        change(&mut document);
        document.finish().expect("a layout that can be changed").expect("a change")
    }

    #[test]
    fn only_what_changed_changes() {
        let text = "\
# Ours.
version: 1
answers:
  # The first.
  - rule: a     # a remark
    status: done # settled
    text: |
      Two lines,
      with # no remark.

    evidence: [\"https://x/y\"]   # the link
  # The second.
  -   rule: b
      facts:
        # when
        day: 2026-10-01
        met: true
  - { rule: c, status: done }
# The end.
";
        let changed = after(text, |document| {
            document.set(0, "status", json!("in_progress"));
            document.set(0, "evidence", json!(["https://x/y", "a: b"]));
            document.set(1, "facts", json!({ "day": "2026-11-01", "met": true, "who": "x, y" }));
            document.set(1, "text", json!("one\n\n  two"));
            document.set(2, "status", json!("not_started"));
            document.push(entry(json!({ "rule": "d", "text": "yes" })));
        });
        let meant = "\
# Ours.
version: 1
answers:
  # The first.
  - rule: a     # a remark
    status: in_progress # settled
    text: |
      Two lines,
      with # no remark.

    evidence:
      - https://x/y
      - \"a: b\"   # the link
  # The second.
  -   rule: b
      text: |-
        one

          two
      facts:
        # when
        day: 2026-11-01
        met: true
        who: x, y
  - rule: c
    status: not_started
  - rule: d
    text: yes
# The end.
";
        assert_eq!(changed, meant);
    }

    #[test]
    fn keys_go_without_a_trace() {
        let text =
            "answers:\n- rule: a\n  status: done # when\n  text: >-\n    long\n    text\n- status: done\n  rule: b\n";
        let changed = after(text, |document| {
            document.set(0, "status", Json::Null);
            document.set(0, "text", Json::Null);
            document.set(1, "status", Json::Null);
        });
        assert_eq!(changed, "answers:\n- rule: a\n- rule: b\n");
    }

    #[test]
    fn every_layout_takes_a_new_entry() {
        let new = |text: &str| {
            after(text, |document| {
                document.push(entry(json!({ "rule": "new" })));
            })
        };
        assert_eq!(new(""), "answers:\n  - rule: new\n");
        assert_eq!(new("# Nothing yet.\n"), "# Nothing yet.\nanswers:\n  - rule: new\n");
        assert_eq!(new("version: 1\n"), "version: 1\nanswers:\n  - rule: new\n");
        assert_eq!(new("version: 1"), "version: 1\nanswers:\n  - rule: new\n");
        assert_eq!(new("answers:\nversion: 1\n"), "answers:\n  - rule: new\nversion: 1\n");
        assert_eq!(new("answers: [] # none\n"), "answers:\n  - rule: new # none\n");
        assert_eq!(new("answers: [{ rule: a }]\n"), "answers:\n  - rule: a\n  - rule: new\n");
        assert_eq!(new("answers:\n- rule: a\n"), "answers:\n- rule: a\n- rule: new\n");
        assert_eq!(
            new("answers:\r\n  - rule: a\r\n# end\r\n"),
            "answers:\r\n  - rule: a\r\n  - rule: new\r\n# end\r\n"
        );
        assert_eq!(new("---\nanswers:\n  - rule: a\n...\n"), "---\nanswers:\n  - rule: a\n  - rule: new\n...\n");
        assert_eq!(
            new("{\"version\": 1, \"answers\": [{\"rule\": \"a\"}]}"),
            "version: 1\nanswers:\n  - rule: a\n  - rule: new\n"
        );
        assert_eq!(
            new("answers:\n  - rule: a\n    text: |+\n      x\n\n"),
            "answers:\n  - rule: a\n    text: |+\n      x\n\n  - rule: new\n\n"
        );
    }

    #[test]
    fn what_others_refer_to_is_not_simple() {
        let text = "answers:\n  - &a { rule: a }\n  - rule: b\n    text: *t\n  - rule: c\n";
        let text = text.replace("*t", "&t x");
        let document = document(&text);
        assert_eq!([0, 1, 2].map(|place| document.simple(place)), [false, false, true]);
        assert_eq!([0, 1, 2, 3].map(|place| document.line(place)), [Some(2), Some(3), Some(5), None]);
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof!["[ -~あ-ん\n]{0,40}", "\\PC{0,12}", Just("no".to_owned()), Just("2026-10-01".to_owned())]
    }

    fn value() -> impl Strategy<Value = Json> {
        prop_oneof![
            text().prop_map(Json::from),
            proptest::collection::vec(text(), 1..4).prop_map(Json::from),
            proptest::collection::btree_map("[a-c]", text(), 1..4).prop_map(|map| json!(map)),
        ]
    }

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let one = proptest::collection::btree_map("status|text|evidence|facts|other", value(), 0..5);
        let one = one.prop_map(|keys| {
            let mut entry = entry(json!({ "rule": "a" }));
            entry.extend(keys);
            entry
        });
        proptest::collection::vec(one, 0..5)
    }

    proptest! {
        /// Whatever the entries, their changes and the layout: what comes out is what was meant, and entries that did not
        /// change keep their text.
        #[test]
        fn changes_come_out_as_meant(before in entries(), changes in proptest::collection::vec((0_usize..6, "status|text|evidence|facts", proptest::option::of(value())), 0..6)) {
            let mut source = document("");
            for entry in &before {
                source.push(entry.clone());
            }
            let source = source.finish().expect("a layout").unwrap_or_default();
            let mut document = document(&source);
            let mut meant = before.clone();
            for (place, key, value) in changes {
                let value = value.unwrap_or(Json::Null);
                if let Some(entry) = meant.get_mut(place) {
                    document.set(place, &key, value.clone());
                    if value.is_null() { entry.shift_remove(&key); } else { entry.insert(key, value); }
                } else {
                    let new = entry(json!({ "rule": "new", "text": key }));
                    document.push(new.clone());
                    meant.push(new);
                }
            }
            let text = document.finish().expect("a layout that can be changed").unwrap_or_else(|| source.clone());
            let read = self::document(&text);
            prop_assert_eq!(read.entries(), &meant[..]);
            let items = |text: &str| -> Vec<String> {
                let document = self::document(text);
                let nodes = document.items().cloned().unwrap_or_default();
                nodes.iter().map(|node| text[node.span.start..node.end()].to_owned()).collect()
            };
            let (old, new) = (items(&source), items(&text));
            // Where a text that begins with a line break ends, the parser does not say the same wherever it stands.
            let ends = |entry: &Entry| !json!(entry).to_string().contains("\"\\n");
            let kept = before.iter().enumerate().filter(|(place, entry)| meant[*place] == **entry && ends(entry));
            for (place, entry) in kept {
                prop_assert_eq!(&old[place], &new[place], "{:?}", entry);
            }
        }
    }
}
