//! From the parser's tree to ours: names resolved, types checked, everything else refused with its place.

use std::ops::Range;

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};

use super::scope::{COMMON, ROOTS, member, root};
use super::{Arithmetic, Comparison, Expression, ExpressionProblem, Kind, Node, Quantifier, Scope, TextTest, Ty};
use crate::diagnostic::suggestion;
use crate::model::{Seconds, Value};

/// How long an expression may be, in bytes. The parser's tree is as deep as a chain such as `a + b + c` is long, and
/// walking a tree that is too deep would end the program.
const LONGEST: usize = 2000;

/// How deep an expression may be nested: several times as deep as people can read.
const DEEPEST: usize = 64;

/// Parses, checks and lowers an expression.
///
/// # Errors
/// Every problem that was found.
pub fn lower(text: &str, scope: &Scope<'_>) -> Result<Expression, Vec<ExpressionProblem>> {
    if text.len() > LONGEST {
        let message = format!("the expression has {} bytes, and {LONGEST} are allowed", text.len());
        return Err(vec![ExpressionProblem {
            span: 0..text.len(),
            message,
            help: Some("make several rules of it".to_owned()),
        }]);
    }
    // Without macros `list.exists(x, ...)` stays the call that it is written as.
    let (tree, places) = cel::Env::default().parser().parse_with_source_info(text).map_err(|errors| {
        let mut problems: Vec<ExpressionProblem> = errors
            .errors
            .iter()
            .map(|error| {
                let start = place(text, error.pos);
                let help = match text.as_bytes().get(start) {
                    Some(b'=') => "a comparison is written ==",
                    Some(b'&' | b'|') => "conditions are joined by && and ||",
                    _ => "check brackets and quotes; conditions are joined by && and ||",
                };
                ExpressionProblem {
                    span: start..start + text[start..].chars().next().map_or(0, char::len_utf8),
                    message: syntax(&error.msg),
                    help: Some(help.to_owned()),
                }
            })
            .collect();
        // One slip makes the parser complain several times; the first place is where it happened.
        problems.truncate(1);
        problems
    })?;
    let mut lowering = Lowering { text, places: &places, scope, locals: Vec::new(), depth: 0, problems: Vec::new() };
    let (root, ty) = lowering.expression(&tree);
    if lowering.problems.is_empty() { Ok(Expression { text: text.into(), ty, root }) } else { Err(lowering.problems) }
}

/// The byte of a line and column, both counted from one.
fn place(text: &str, (line, column): (isize, isize)) -> usize {
    let (line, column) = (usize::try_from(line).unwrap_or(1).max(1), usize::try_from(column).unwrap_or(1).max(1));
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let mut start = (before + column - 1).min(text.len().saturating_sub(1));
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    start
}

/// The span with the round brackets that belong to it: of `!(a)` a tree only knows `!(a`. Those inside quotes do not
/// count.
fn balanced(text: &str, span: Range<usize>) -> Range<usize> {
    let (mut open, mut unopened) = (0_usize, 0_usize);
    let mut quote = None;
    let mut escaped = false;
    for letter in text.get(span.clone()).unwrap_or_default().chars() {
        match (quote, letter) {
            (Some(_), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(begun), _) if letter == begun && !escaped => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(') => open += 1,
            (None, ')') if open == 0 => unopened += 1,
            (None, ')') => open -= 1,
            _ => {}
        }
        escaped = false;
    }
    let Range { mut start, mut end } = span;
    for _ in 0..unopened {
        match text.get(..start).unwrap_or_default().trim_end().strip_suffix('(') {
            Some(before) => start = before.len(),
            None => break,
        }
    }
    for _ in 0..open {
        match text.get(end..).unwrap_or_default().trim_start().strip_prefix(')') {
            Some(after) => end = text.len() - after.len(),
            None => break,
        }
    }
    start..end
}

/// The parser lists every token it would have taken, which helps nobody.
fn syntax(message: &str) -> String {
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    let message = message.split(" expecting ").next().unwrap_or(message);
    if message.contains("<EOF>") {
        "the expression ends too early".to_owned()
    } else {
        format!("this is not CEL: {message}")
    }
}

struct Lowering<'a> {
    text: &'a str,
    places: &'a SourceInfo,
    scope: &'a Scope<'a>,
    locals: Vec<(String, Ty)>,
    depth: usize,
    problems: Vec<ExpressionProblem>,
}

impl Lowering<'_> {
    fn problem(&mut self, span: Range<usize>, message: String, help: Option<String>) -> (Node, Ty) {
        self.problems.push(ExpressionProblem { span: span.clone(), message, help });
        // Null compares with everything, so that one problem is not reported twice.
        (Node { kind: Kind::Constant(Value::Null), span }, Ty::Null)
    }

    /// The bytes that belong to the node itself: its operator, name or literal.
    fn own(&self, tree: &IdedExpr) -> Range<usize> {
        let (start, stop) = self.places.offset_for(tree.id).unwrap_or((0, 0));
        let (start, stop) = (start as usize, stop as usize + 1);
        match &tree.expr {
            Expr::Select(select) => start..(start + 1 + select.field.len()).min(self.text.len()),
            Expr::Call(call) if self.text.get(start..).unwrap_or_default().starts_with('(') => {
                start.saturating_sub(call.func_name.len())..closing(self.text, start)
            }
            Expr::Call(_) if self.text.get(start..).unwrap_or_default().starts_with('[') => {
                start..closing(self.text, start)
            }
            Expr::List(_) => start..closing(self.text, start),
            _ => start..stop.min(self.text.len()),
        }
    }

    fn expression(&mut self, tree: &IdedExpr) -> (Node, Ty) {
        let (mut node, ty) = self.lowered(tree);
        node.span = balanced(self.text, node.span);
        (node, ty)
    }

    fn lowered(&mut self, tree: &IdedExpr) -> (Node, Ty) {
        let own = self.own(tree);
        if self.depth == DEEPEST {
            return self.problem(
                own,
                "the expression is nested too deeply".to_owned(),
                Some("make several rules of it".to_owned()),
            );
        }
        self.depth += 1;
        let lowered = self.form(tree, own);
        self.depth -= 1;
        lowered
    }

    fn form(&mut self, tree: &IdedExpr, own: Range<usize>) -> (Node, Ty) {
        match &tree.expr {
            Expr::Ident(name) => self.name(name, own),
            Expr::Literal(literal) => self.literal(literal, own),
            Expr::Select(select) => {
                let (operand, ty) = self.expression(&select.operand);
                self.select(operand, &ty, &select.field, own)
            }
            Expr::Call(call) => self.call(call, own),
            Expr::List(list) => self.list(&list.elements, own),
            _ => self.problem(
                own,
                "rules cannot use this form of CEL".to_owned(),
                Some("use fields, comparisons, && || !, in, size(), exists(), all(), filter() and map()".to_owned()),
            ),
        }
    }

    fn name(&mut self, name: &str, span: Range<usize>) -> (Node, Ty) {
        if let Some(depth) = self.locals.iter().rev().position(|(local, _)| local == name) {
            let ty = self.locals[self.locals.len() - 1 - depth].1.clone();
            return (Node { kind: Kind::Local(depth, Box::default()), span }, ty);
        }
        match root(name, self.scope) {
            Some((kind, ty)) => (Node { kind, span }, ty),
            None => {
                let locals: Vec<String> = self.locals.iter().map(|(local, _)| local.clone()).collect();
                let known = ROOTS.into_iter().chain(locals.iter().map(String::as_str));
                let help = match suggestion(name, known) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => format!("a path begins with one of {}", ROOTS.join(", ")),
                };
                self.problem(span, format!("there is no `{name}`"), Some(help))
            }
        }
    }

    fn literal(&mut self, literal: &LiteralValue, span: Range<usize>) -> (Node, Ty) {
        let (value, ty) = match literal {
            LiteralValue::Boolean(flag) => (Value::Bool(*flag.inner()), Ty::Bool),
            LiteralValue::Int(number) => (Value::Int(*number.inner()), Ty::Int),
            LiteralValue::Double(number) => (Value::Double(*number.inner()), Ty::Double),
            LiteralValue::String(text) => (Value::str(text.inner()), Ty::Str(None)),
            LiteralValue::Null => (Value::Null, Ty::Null),
            LiteralValue::UInt(_) | LiteralValue::Bytes(_) => {
                return self.problem(
                    span,
                    "rules have no unsigned numbers and no bytes".to_owned(),
                    Some("write the number without `u`".to_owned()),
                );
            }
        };
        (Node { kind: Kind::Constant(value), span }, ty)
    }

    fn select(&mut self, operand: Node, ty: &Ty, field: &str, own: Range<usize>) -> (Node, Ty) {
        let span = operand.span.start.min(own.start)..own.end;
        let place = own.start + 1..own.end;
        let (found, names): (Option<(usize, Ty)>, Vec<&str>) = match ty {
            Ty::Resource(resource) => {
                if let Some((_, root)) = COMMON.iter().find(|(name, _)| *name == field) {
                    return (Node { kind: Kind::Load(*root, Box::default()), span }, Ty::Str(None));
                }
                let names = resource.fields.iter().map(|field| field.name).chain(COMMON.iter().map(|(name, _)| *name));
                (member(resource.fields, field), names.collect())
            }
            Ty::Record(record) => {
                (member(record.fields, field), record.fields.iter().map(|field| field.name).collect())
            }
            Ty::Declared("params") => {
                return match self.scope.params.get(field) {
                    Some((node, ty)) => (Node { kind: node.kind.clone(), span }, ty.clone()),
                    None => self.missing(
                        "this rule declares no parameter",
                        field,
                        place,
                        &self.scope.params.keys().map(String::as_str).collect::<Vec<_>>(),
                    ),
                };
            }
            Ty::Declared(_) => {
                let found = self.scope.answer.iter().position(|(name, _)| name == field);
                (
                    found.map(|slot| (slot, self.scope.answer[slot].1.clone())),
                    self.scope.answer.iter().map(|(name, _)| name.as_str()).collect(),
                )
            }
            Ty::Map => {
                let key = Node { kind: Kind::Constant(Value::str(field)), span: place };
                return (Node { kind: Kind::Entry(Box::new(operand), Box::new(key)), span }, Ty::Str(None));
            }
            // The operand was a problem already.
            Ty::Null => return (operand, Ty::Null),
            other => {
                let message = format!(
                    "{} is {} and has no field `{field}`",
                    self.text.get(operand.span.clone()).unwrap_or_default(),
                    other.with_article()
                );
                return self.problem(place, message, None);
            }
        };
        match found {
            Some((slot, ty)) => match operand.kind {
                Kind::Load(root, path) => (Node { kind: Kind::Load(root, append(&path, slot)), span }, ty),
                Kind::Local(depth, path) => (Node { kind: Kind::Local(depth, append(&path, slot)), span }, ty),
                _ => self.problem(span, "a field can only be taken of a name".to_owned(), None),
            },
            None => self.missing(&format!("{ty} has no field"), field, place, &names),
        }
    }

    fn missing(&mut self, what: &str, name: &str, span: Range<usize>, names: &[&str]) -> (Node, Ty) {
        let help = match suggestion(name, names.iter().copied()) {
            Some(known) => format!("did you mean `{known}`?"),
            None if names.is_empty() => "there is none to name".to_owned(),
            None => format!("it has {}", names.join(", ")),
        };
        self.problem(span, format!("{what} `{name}`"), Some(help))
    }

    fn list(&mut self, elements: &[IdedExpr], own: Range<usize>) -> (Node, Ty) {
        let mut item: Option<Ty> = None;
        let mut nodes = Vec::with_capacity(elements.len());
        for element in elements {
            let (node, ty) = self.expression(element);
            match &item {
                Some(first) if !first.comparable(&ty) => {
                    self.problem(
                        node.span.clone(),
                        format!("a list holds values of one type: {first} first, {ty} here"),
                        None,
                    );
                }
                Some(_) => {}
                None => item = Some(ty),
            }
            nodes.push(node);
        }
        (Node { kind: Kind::List(nodes), span: own }, Ty::List(item.map(Box::new)))
    }

    fn call(&mut self, call: &CallExpr, own: Range<usize>) -> (Node, Ty) {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, None, [a]) => {
                let a = self.expect(a, &Ty::Bool);
                let span = own.start..a.span.end;
                (Node { kind: Kind::Not(Box::new(a)), span }, Ty::Bool)
            }
            (operators::LOGICAL_AND, None, [a, b]) => {
                let (a, b) = (self.expect(a, &Ty::Bool), self.expect(b, &Ty::Bool));
                let span = a.span.start..b.span.end;
                let mut nodes = Vec::new();
                for node in [a, b] {
                    match node.kind {
                        Kind::And(inner) => nodes.extend(inner),
                        _ => nodes.push(node),
                    }
                }
                (Node { kind: Kind::And(nodes), span }, Ty::Bool)
            }
            (operators::LOGICAL_OR, None, [a, b]) => {
                let (a, b) = (self.expect(a, &Ty::Bool), self.expect(b, &Ty::Bool));
                let span = a.span.start..b.span.end;
                let mut nodes = Vec::new();
                for node in [a, b] {
                    match node.kind {
                        Kind::Or(inner) => nodes.extend(inner),
                        _ => nodes.push(node),
                    }
                }
                (Node { kind: Kind::Or(nodes), span }, Ty::Bool)
            }
            (operators::CONDITIONAL, None, [a, b, c]) => {
                let a = self.expect(a, &Ty::Bool);
                let (b, b_ty) = self.expression(b);
                let (c, c_ty) = self.expression(c);
                let span = a.span.start..c.span.end;
                if !b_ty.comparable(&c_ty) {
                    return self.problem(
                        span,
                        format!("the two sides of ?: are of different types: {b_ty} and {c_ty}"),
                        None,
                    );
                }
                let ty = if b_ty == Ty::Null { c_ty } else { b_ty };
                (Node { kind: Kind::If(Box::new(a), Box::new(b), Box::new(c)), span }, ty)
            }
            (operators::IN, None, [a, b]) => self.contains(a, b),
            (operators::INDEX, None, [a, b]) => {
                let (a, a_ty) = self.expression(a);
                let b = self.expect(b, &Ty::Str(None));
                let span = a.span.start..own.end;
                if !matches!(a_ty, Ty::Map | Ty::Null) {
                    return self.problem(
                        span,
                        format!("only a map has entries, and this is {}", a_ty.with_article()),
                        Some("use exists() or all() on a list".to_owned()),
                    );
                }
                (Node { kind: Kind::Entry(Box::new(a), Box::new(b)), span }, Ty::Str(None))
            }
            (name, None, [a, b]) if comparison(name).is_some() => {
                let operator = comparison(name).unwrap_or(Comparison::Equal);
                self.compare(operator, a, b)
            }
            (operators::ADD, None, [a, b]) => self.arithmetic(Arithmetic::Add, a, b),
            (operators::SUBSTRACT, None, [a, b]) => self.arithmetic(Arithmetic::Subtract, a, b),
            (operators::MULTIPLY, None, [a, b]) => self.arithmetic(Arithmetic::Multiply, a, b),
            ("size", None, [a]) | ("size", Some(a), []) => {
                let (a, ty) = self.expression(a);
                let span = a.span.start.min(own.start)..own.end;
                if !matches!(ty, Ty::List(_) | Ty::Map | Ty::Str(_) | Ty::Null) {
                    return self.problem(span, format!("{} has no size", ty.with_article()), None);
                }
                (Node { kind: Kind::Size(Box::new(a)), span }, Ty::Int)
            }
            ("duration", None, [text]) => self.written(text, own, "duration", |text| {
                Seconds::parse(text)
                    .map(|seconds| (Value::Duration(seconds), Ty::Duration))
                    .map_err(|error| error.to_string())
            }),
            ("timestamp", None, [text]) => self.written(text, own, "timestamp", |text| {
                text.parse()
                    .map(|time| (Value::Timestamp(time), Ty::Timestamp))
                    .map_err(|_| format!("`{text}` is not a time such as 2026-01-15T00:00:00Z"))
            }),
            (name @ ("startsWith" | "endsWith" | "contains"), Some(a), [b]) => {
                let test = match name {
                    "startsWith" => TextTest::StartsWith,
                    "endsWith" => TextTest::EndsWith,
                    _ => TextTest::Contains,
                };
                let (a, b) = (self.expect(a, &Ty::Str(None)), self.expect(b, &Ty::Str(None)));
                let span = a.span.start..own.end;
                (Node { kind: Kind::Text(test, Box::new(a), Box::new(b)), span }, Ty::Bool)
            }
            (name @ ("exists" | "all" | "filter" | "map"), Some(list), [variable, body]) => {
                self.quantify(name, list, variable, body, own)
            }
            ("has", ..) => self.problem(
                own,
                "rules have no has()".to_owned(),
                Some("compare with null: `resource.field != null`".to_owned()),
            ),
            (name, ..) => {
                let known = [
                    "size",
                    "duration",
                    "timestamp",
                    "startsWith",
                    "endsWith",
                    "contains",
                    "exists",
                    "all",
                    "filter",
                    "map",
                ];
                let help = suggestion(name, known).map_or_else(
                    || format!("rules have {}", known.join(", ")),
                    |known| format!("did you mean `{known}`?"),
                );
                self.problem(own, format!("there is no function `{name}` with these arguments"), Some(help))
            }
        }
    }

    /// An expression that must have that type.
    fn expect(&mut self, tree: &IdedExpr, expected: &Ty) -> Node {
        let (node, ty) = self.expression(tree);
        if ty.comparable(expected) {
            return node;
        }
        let help = (*expected == Ty::Bool).then(|| "compare it with something, for instance `!= null`".to_owned());
        self.problem(
            node.span,
            format!("this is {}, and {} is needed", ty.with_article(), expected.with_article()),
            help,
        )
        .0
    }

    fn compare(&mut self, operator: Comparison, a: &IdedExpr, b: &IdedExpr) -> (Node, Ty) {
        let (a, a_ty) = self.expression(a);
        let (b, b_ty) = self.expression(b);
        let span = a.span.start..b.span.end;
        let equality = matches!(operator, Comparison::Equal | Comparison::NotEqual);
        let ordered = [&a_ty, &b_ty].into_iter().all(|ty| ty.ordered() || *ty == Ty::Null);
        if !a_ty.comparable(&b_ty) || !(equality || ordered) {
            let help = match (&a_ty, &b_ty) {
                (Ty::Duration, Ty::Int | Ty::Double | Ty::Str(_))
                | (Ty::Int | Ty::Double | Ty::Str(_), Ty::Duration) => {
                    Some("write the length of time as duration(\"7d\")".to_owned())
                }
                (Ty::Timestamp, Ty::Str(_)) | (Ty::Str(_), Ty::Timestamp) => {
                    Some("write the time as timestamp(\"2026-01-15T00:00:00Z\")".to_owned())
                }
                (Ty::Bool, Ty::Str(_)) | (Ty::Str(_), Ty::Bool) => {
                    Some("write true or false without quotes".to_owned())
                }
                _ => None,
            };
            return self.problem(
                span,
                format!("{} and {} do not compare", a_ty.with_article(), b_ty.with_article()),
                help,
            );
        }
        for (words, word) in [(&a_ty, &b), (&b_ty, &a)] {
            if let (Ty::Str(Some(words)), Kind::Constant(Value::Str(word_text))) = (words, &word.kind)
                && !words.contains(&&**word_text)
            {
                let help = suggestion(word_text, words.iter().copied()).map_or_else(
                    || format!("it is one of {}", words.join(", ")),
                    |known| format!("did you mean \"{known}\"?"),
                );
                return self.problem(word.span.clone(), format!("this can never be \"{word_text}\""), Some(help));
            }
        }
        (Node { kind: Kind::Compare(operator, Box::new(a), Box::new(b)), span }, Ty::Bool)
    }

    fn contains(&mut self, a: &IdedExpr, b: &IdedExpr) -> (Node, Ty) {
        let (a, a_ty) = self.expression(a);
        let (b, b_ty) = self.expression(b);
        let span = a.span.start..b.span.end;
        let fits = match &b_ty {
            Ty::List(Some(item)) => item.comparable(&a_ty),
            Ty::Map => a_ty.comparable(&Ty::Str(None)),
            Ty::List(None) | Ty::Null => true,
            _ => false,
        };
        if !fits {
            return self.problem(span, format!("{} cannot be in {}", a_ty.with_article(), b_ty.with_article()), None);
        }
        if let (Ty::Str(Some(words)), Kind::List(items)) = (&a_ty, &b.kind) {
            for item in items {
                if let Kind::Constant(Value::Str(word)) = &item.kind
                    && !words.contains(&&**word)
                {
                    let help = suggestion(word, words.iter().copied()).map_or_else(
                        || format!("it is one of {}", words.join(", ")),
                        |known| format!("did you mean \"{known}\"?"),
                    );
                    return self.problem(item.span.clone(), format!("this can never be \"{word}\""), Some(help));
                }
            }
        }
        (Node { kind: Kind::In(Box::new(a), Box::new(b)), span }, Ty::Bool)
    }

    fn arithmetic(&mut self, operator: Arithmetic, a: &IdedExpr, b: &IdedExpr) -> (Node, Ty) {
        let (a, a_ty) = self.expression(a);
        let (b, b_ty) = self.expression(b);
        let span = a.span.start..b.span.end;
        let ty = match (operator, &a_ty, &b_ty) {
            (_, Ty::Null, _) | (_, _, Ty::Null) => Ty::Null,
            (_, Ty::Int, Ty::Int) => Ty::Int,
            (_, Ty::Int | Ty::Double, Ty::Int | Ty::Double) => Ty::Double,
            (Arithmetic::Add, Ty::Str(_), Ty::Str(_)) => Ty::Str(None),
            (Arithmetic::Add | Arithmetic::Subtract, Ty::Duration, Ty::Duration) => Ty::Duration,
            (Arithmetic::Add | Arithmetic::Subtract, Ty::Timestamp, Ty::Duration) => Ty::Timestamp,
            (Arithmetic::Subtract, Ty::Timestamp, Ty::Timestamp) => Ty::Duration,
            (Arithmetic::Multiply, Ty::Duration, Ty::Int) => Ty::Duration,
            _ => {
                return self.problem(
                    span,
                    format!("{} and {} cannot be combined this way", a_ty.with_article(), b_ty.with_article()),
                    None,
                );
            }
        };
        (Node { kind: Kind::Arithmetic(operator, Box::new(a), Box::new(b)), span }, ty)
    }

    /// `duration("1h")` and `timestamp("...")`, read while loading.
    fn written(
        &mut self,
        text: &IdedExpr,
        own: Range<usize>,
        name: &str,
        read: impl Fn(&str) -> Result<(Value, Ty), String>,
    ) -> (Node, Ty) {
        let Expr::Literal(LiteralValue::String(literal)) = &text.expr else {
            return self.problem(own, format!("{name}() takes a text in quotes"), None);
        };
        match read(literal.inner()) {
            Ok((value, ty)) => (Node { kind: Kind::Constant(value), span: own }, ty),
            Err(message) => {
                let span = self.own(text);
                self.problem(span, message, None)
            }
        }
    }

    fn quantify(
        &mut self,
        name: &str,
        list: &IdedExpr,
        variable: &IdedExpr,
        body: &IdedExpr,
        own: Range<usize>,
    ) -> (Node, Ty) {
        let (list, list_ty) = self.expression(list);
        let span = list.span.start..own.end;
        let Expr::Ident(variable) = &variable.expr else {
            return self.problem(
                own,
                format!("{name}() takes a name and a condition"),
                Some(format!("such as {name}(item, item.status == \"...\")")),
            );
        };
        let item = match list_ty {
            Ty::List(Some(item)) => *item,
            Ty::List(None) | Ty::Null => Ty::Null,
            other => {
                return self.problem(
                    span,
                    format!("{name}() is for lists, and this is {}", other.with_article()),
                    None,
                );
            }
        };
        self.locals.push((variable.clone(), item.clone()));
        let (body, result, quantifier) = match name {
            "exists" => (self.expect(body, &Ty::Bool), Ty::Bool, Quantifier::Exists),
            "all" => (self.expect(body, &Ty::Bool), Ty::Bool, Quantifier::All),
            "filter" => (self.expect(body, &Ty::Bool), Ty::List(Some(Box::new(item))), Quantifier::Filter),
            _ => {
                let (body, ty) = self.expression(body);
                (body, Ty::List(Some(Box::new(ty))), Quantifier::Map)
            }
        };
        self.locals.pop();
        (Node { kind: Kind::Quantify(quantifier, Box::new(list), Box::new(body)), span }, result)
    }
}

fn append(path: &[usize], slot: usize) -> Box<[usize]> {
    path.iter().copied().chain([slot]).collect()
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

/// The byte after the bracket that closes the one at `start`. Brackets inside quotes do not count.
fn closing(text: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (index, character) in text.char_indices().skip_while(|(index, _)| *index < start) {
        match (quote, character) {
            (Some(_), '\\') if !escaped => {
                escaped = true;
                continue;
            }
            (Some(open), _) if character == open && !escaped => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index + character.len_utf8();
                }
            }
            _ => {}
        }
        escaped = false;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::types::s3::BUCKET;

    fn problems(text: &str) -> Vec<String> {
        let scope = Scope { resource: &BUCKET, params: &BTreeMap::new(), answer: &[] };
        let problems = lower(text, &scope).err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.message).collect()
    }

    #[test]
    fn long_chains_are_refused_instead_of_ending_the_program() {
        for chain in ["1", "resource", "size(resource.tags)"].into_iter().zip(["+1", ".a", "+size(resource.tags)"]) {
            for times in [(LONGEST - chain.0.len()) / chain.1.len(), 100_000] {
                let text = format!("{}{}", chain.0, chain.1.repeat(times));
                assert!(!problems(&text).is_empty(), "{} times {}", times, chain.1);
            }
        }
        assert!(problems(&format!("1{} == 2", "+1".repeat(DEEPEST - 2))).is_empty());
        let deep = problems(&format!("1{} == 2", "+1".repeat(DEEPEST)));
        assert_eq!(deep.first().map(String::as_str), Some("the expression is nested too deeply"));
    }
}
