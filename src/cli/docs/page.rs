//! The page of a rule.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};

use super::markdown::{block, cell_code, code, lines, table, text, web_link};
use super::{Book, anchor, type_title, workload_paths};
use crate::cli::rules::rule_plan;
use crate::model::schema::Source;
use crate::model::{Language, Status, Text};
use crate::rules::{Rule, Target, raw};

impl Book<'_> {
    pub(super) fn rule(&self, rule: &Rule) -> String {
        let mut out = format!("# {}\n\n", text(rule.title.get(self.language)));
        let row = |name: &str, value: String| vec![text(name), value];
        let rows = [
            row("ID", cell_code(&rule.id)),
            row(self.word("分類", "Category"), text(rule.category.title(self.language))),
            row(self.word("重大度", "Severity"), self.severity(rule.severity).to_owned()),
            row(
                self.word("対象", "Judges"),
                rule.targets.iter().map(|target| type_title(target.ty, self.language)).collect::<Vec<_>>().join("<br>"),
            ),
        ];
        out.push_str(&table(&["", ""], &rows));
        let mut section = |title: &str, body: &str| {
            if !body.trim().is_empty() {
                let _ = write!(out, "\n## {title}\n\n{}\n", body.trim_end());
            }
        };
        section(self.word("なぜ必要か", "Why it matters"), &lines(rule.why.get(self.language)));
        section(self.word("質問", "Question"), &self.question(rule));
        section(self.word("何を確認するか", "What it checks"), &self.checks(rule));
        section(self.word("パラメーター", "Parameters"), &self.parameters(rule));
        section(self.word("使う目標", "Objectives that it reads"), &objectives(rule));
        section(self.word("読み取る項目", "What it reads"), &self.reads(rule));
        section(self.word("是正方法", "Remediation"), &self.remediation(&rule.remediation));
        section(self.word("判定例", "Examples"), &self.examples(rule));
        section(self.word("対応する項目", "Mappings"), &self.mappings(rule));
        let sources: Vec<String> = rule.sources.iter().map(|source| format!("- {}", web_link(source))).collect();
        section(self.word("出典", "Sources"), &sources.join("\n"));
        out
    }

    fn question(&self, rule: &Rule) -> String {
        let Some(question) = &rule.question else { return String::new() };
        let language = self.language;
        let mut out = format!("{}\n\n", lines(question.text.get(language)));
        let needed =
            if question.evidence_required { self.word("必須", "required") } else { self.word("任意", "optional") };
        let evidence = text(question.evidence.get(language));
        let _ = writeln!(out, "- {} ({needed}): {evidence}", self.word("根拠", "Evidence"));
        let _ =
            writeln!(out, "- {}: {}\n", self.word("回答の有効期間", "An answer stays fresh for"), question.fresh_for);
        let rows: Vec<Vec<String>> = question
            .fields
            .iter()
            .map(|(name, ty, title)| vec![cell_code(name), type_word(*ty), text(title.get(language))])
            .collect();
        out + &table(&[self.word("事実", "Fact"), self.word("型", "Type"), self.word("内容", "What it is")], &rows)
    }

    /// The conditions, once where they are the same for several types.
    fn checks(&self, rule: &Rule) -> String {
        let mut out = String::new();
        let mut seen: Vec<(String, Vec<&Target>)> = Vec::new();
        for target in &rule.targets {
            let body = self.conditions(rule, target);
            match seen.iter_mut().find(|(known, _)| *known == body) {
                Some((_, targets)) => targets.push(target),
                None => seen.push((body, vec![target])),
            }
        }
        let several = seen.len() > 1;
        for (body, targets) in seen {
            if several {
                let names: Vec<String> = targets.iter().map(|target| code(target.ty.name)).collect();
                let _ = write!(out, "### {}\n\n", names.join(", "));
            }
            out.push_str(&body);
        }
        // The conditions of sentences differ in their types only, so those of the first target stand for all.
        let says = rule.targets.first().map(|target| &target.says);
        let kinds = says.into_iter().flat_map(|says| {
            let contradicted = self.word("不適合 (回答と食い違い)", "fail (the answer is contradicted)");
            [
                (self.status(Status::Pass), &says.pass),
                (self.status(Status::Fail), &says.fail),
                (contradicted, &says.contradicted),
                (self.status(Status::NotApplicable), &says.not_applicable),
            ]
        });
        let rows: Vec<Vec<String>> = kinds
            .flat_map(|(kind, sentences)| sentences.iter().map(move |sentence| (kind, sentence)))
            .map(|(kind, sentence)| {
                let when = sentence.when.as_ref().map(|when| format!("{}<br>", cell_code(&when.text)));
                let said = text(sentence.text.get(self.language));
                vec![kind.to_owned(), when.unwrap_or_default() + &said]
            })
            .collect();
        if !rows.is_empty() {
            out.push('\n');
            out.push_str(&table(
                &[self.word("判定", "Verdict"), self.word("レポートの文", "What the report says")],
                &rows,
            ));
        }
        out
    }

    fn conditions(&self, rule: &Rule, target: &Target) -> String {
        let mut out = String::new();
        if let Some(when) = &target.when {
            let lead = self.word("次の条件が成り立つときに判定します。", "It applies when:");
            let _ = write!(out, "{lead}\n\n{}\n", block("cel", &broken(&when.text)));
        }
        if let Some(pass) = &target.pass {
            let lead = match rule.question {
                Some(_) => {
                    self.word("次の条件を満たせば、回答がなくても適合です。", "It passes without an answer when:")
                }
                None => self.word("次の条件を満たせば適合です。", "It passes when:"),
            };
            let _ = write!(out, "{lead}\n\n{}\n", block("cel", &broken(&pass.text)));
        }
        if let Some(accept) = &target.accept {
            let lead = self.word("回答の事実が次の条件を満たせば適合です。", "The facts of the answer pass when:");
            let _ = write!(out, "{lead}\n\n{}\n", block("cel", &broken(&accept.text)));
        } else if rule.question.is_some() {
            let lead = self.word("期限内の回答があれば適合です。", "It passes with a fresh answer.");
            let _ = write!(out, "{lead}\n\n");
        }
        if let Some(contradiction) = &target.contradicted_by {
            let lead = self
                .word("次の条件が成り立つときは、回答があっても不適合です。", "It fails in spite of an answer when:");
            let _ = write!(out, "{lead}\n\n{}\n", block("cel", &broken(&contradiction.text)));
        }
        if target.architecture.is_some() {
            let lead = self.word(
                "回答に`architecture`があれば、そのあとにデータストアの追加、削除、アカウントやリージョンの移動、名前やエンジンの変更があったとき、再び要回答になります。",
                "An answer with `architecture` is open again once a data store has come or gone since, or has another account, Region, name or engine.",
            );
            let _ = write!(out, "{lead}\n\n");
        }
        let evidence = target.evidence.iter().map(|(name, value)| vec![cell_code(name), cell_code(&value.text)]);
        out + &table(&[self.word("根拠", "Evidence"), self.word("式", "Expression")], &evidence.collect::<Vec<_>>())
    }

    fn parameters(&self, rule: &Rule) -> String {
        let rows: Vec<Vec<String>> = rule
            .params
            .iter()
            .map(|(name, param)| {
                let from = param.from.as_ref().map(|from| cell_code(&from.value)).unwrap_or_default();
                vec![
                    cell_code(name),
                    type_word(param.ty),
                    cell_code(&plain(&param.default.value)),
                    from,
                    text(param.title.get(self.language)),
                ]
            })
            .collect();
        table(
            &[
                self.word("名前", "Name"),
                self.word("型", "Type"),
                self.word("既定値", "Default"),
                self.word("目標からの導出", "Derived from"),
                self.word("内容", "What it is"),
            ],
            &rows,
        )
    }

    fn reads(&self, rule: &Rule) -> String {
        let mut rows: Vec<Vec<String>> = Vec::new();
        for target in &rule.targets {
            for expression in target.expressions() {
                expression.resource_slots(|slot| {
                    let field = &target.ty.fields[slot];
                    let source = match field.source {
                        Source::Api(operation) => cell_code(&operation.to_string()),
                        Source::Derived(_) => text(self.word("他の項目から算出", "derived from other fields")),
                        Source::Declared | Source::Part => text(self.word("マニフェスト", "the manifest")),
                    };
                    let name = if rule.targets.len() > 1 {
                        format!("{}.{}", target.ty.name, field.name)
                    } else {
                        field.name.to_owned()
                    };
                    let row = vec![cell_code(&name), text(field.doc), source];
                    if !rows.contains(&row) {
                        rows.push(row);
                    }
                });
            }
        }
        let head = [self.word("項目", "Field"), self.word("内容", "What it is"), self.word("取得元", "Comes from")];
        let mut out = table(&head, &rows);
        let operations: Vec<String> = rule_plan(rule)
            .operations()
            .iter()
            .map(|operation| vec![cell_code(&operation.to_string()), cell_code(operation.action)])
            .map(|cells| format!("| {} |\n", cells.join(" | ")))
            .collect();
        if !operations.is_empty() {
            let head = [self.word("呼び出すAPI", "AWS operation"), self.word("IAMアクション", "IAM action")];
            let _ = write!(out, "\n| {} |\n| --- | --- |\n{}", head.join(" | "), operations.concat());
        }
        out
    }

    fn remediation(&self, remediation: &raw::Remediation) -> String {
        let mut out = format!("{}\n", lines(remediation.text.get(self.language)));
        for (title, language, snippet) in [
            ("AWS CLI", "sh", &remediation.cli),
            ("Terraform", "hcl", &remediation.terraform),
            ("CloudFormation", "yaml", &remediation.cloudformation),
        ] {
            if !snippet.trim().is_empty() {
                let _ = write!(out, "\n### {title}\n\n{}", block(language, snippet));
            }
        }
        let impact = &remediation.impact;
        let named: [(&str, &Option<Text>); 3] = [
            (self.word("停止時間", "Downtime"), &impact.downtime),
            (self.word("費用", "Cost"), &impact.cost),
            (self.word("試験方法", "How to test"), &impact.test),
        ];
        let rows: Vec<Vec<String>> = named
            .into_iter()
            .filter_map(|(name, says)| Some(vec![text(name), text(says.as_ref()?.get(self.language))]))
            .collect();
        if !rows.is_empty() {
            let _ = write!(out, "\n{}", table(&[self.word("影響", "Impact"), ""], &rows));
        }
        out
    }

    fn examples(&self, rule: &Rule) -> String {
        let rows: Vec<Vec<String>> = rule
            .examples
            .iter()
            .map(|example| {
                let mut stated = Vec::new();
                flatten(&example.given, "", &mut stated);
                let mut given: Vec<String> = stated.iter().map(|line| cell_code(line)).collect();
                if rule.targets.len() > 1
                    && let Some(target) = rule.targets.get(example.target)
                {
                    given.insert(0, cell_code(target.ty.name));
                }
                vec![text(&example.name), given.join("<br>"), self.status(example.expect).to_owned()]
            })
            .collect();
        let head = [self.word("例", "Example"), self.word("与える値", "Given"), self.word("判定", "Verdict")];
        table(&head, &rows)
    }

    fn mappings(&self, rule: &Rule) -> String {
        let mut rows = Vec::new();
        for framework in self.frameworks {
            let name = format!("[{}](../frameworks/{}.md)", text(framework.title.get(self.language)), framework.id);
            for item in &framework.items {
                if framework.maps.ids(&rule.maps).contains(&item.id) {
                    rows.push(vec![name.clone(), cell_code(&item.id), text(item.title.get(self.language))]);
                }
            }
        }
        // Managed rules of AWS Config that are in no conformance pack listed here.
        let listed: Vec<&str> = self
            .frameworks
            .iter()
            .filter(|framework| framework.maps == crate::rules::Key::Config)
            .flat_map(|framework| framework.items.iter().map(|item| &*item.id))
            .collect();
        for id in rule.maps.config.iter().filter(|id| !listed.contains(&id.as_str())) {
            rows.push(vec![text("AWS Config"), cell_code(id), String::new()]);
        }
        let head = [self.word("フレームワーク", "Framework"), "ID", self.word("項目", "Item")];
        table(&head, &rows)
    }

    fn status(&self, status: Status) -> &'static str {
        match (status, self.language) {
            (Status::Pass, Language::Ja) => "適合",
            (Status::Fail, Language::Ja) => "不適合",
            (Status::Unknown, Language::Ja) => "確認不能",
            (Status::Manual, Language::Ja) => "要回答",
            (Status::NotApplicable, Language::Ja) => "対象外",
            (Status::Waived, Language::Ja) => "適用除外",
            (Status::Pass, Language::En) => "pass",
            (Status::Fail, Language::En) => "fail",
            (Status::Unknown, Language::En) => "unknown",
            (Status::Manual, Language::En) => "needs an answer",
            (Status::NotApplicable, Language::En) => "not applicable",
            (Status::Waived, Language::En) => "waived",
        }
    }
}

fn objectives(rule: &Rule) -> String {
    let links =
        workload_paths(rule).into_iter().map(|path| format!("[{}](../objectives.md#{})", code(&path), anchor(&path)));
    links.collect::<Vec<_>>().join(", ")
}

fn type_word(ty: raw::ParamType) -> String {
    serde_json::to_value(ty).ok().and_then(|word| word.as_str().map(code)).unwrap_or_default()
}

/// A condition with a line for each part that `&&` or `||` joins outside of brackets, if it is long.
fn broken(condition: &str) -> String {
    let mut out = String::with_capacity(condition.len());
    let (mut depth, mut quote) = (0_usize, None);
    for (place, letter) in condition.char_indices() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        let rest = condition.get(place..).unwrap_or_default();
        let joins = rest.starts_with(" && ") || rest.starts_with(" || ");
        out.push(if joins && quote.is_none() && depth == 0 && condition.len() > 80 { '\n' } else { letter });
    }
    out
}

/// `resource.versioning = "Suspended"`, a line for each value.
fn flatten(values: &Map<String, Json>, before: &str, out: &mut Vec<String>) {
    for (name, value) in values {
        match value {
            Json::Object(inner) if !inner.is_empty() && !inner.contains_key("$unknown") => {
                flatten(inner, &format!("{before}{name}."), out);
            }
            Json::Object(inner) if inner.contains_key("$unknown") => {
                let why = inner.get("$unknown").map(plain).unwrap_or_default();
                out.push(format!("{before}{name} unknown ({why})"));
            }
            value => out.push(format!("{before}{name} = {value}")),
        }
    }
}

/// A value without the quotes of a text.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_conditions_are_broken_where_they_are_joined() {
        let long = format!("a == \"{} && b\" && (c || d) || e", "x".repeat(80));
        assert_eq!(broken(&long), long.replace(" && (", "\n&& (").replace(") ||", ")\n||"));
        assert_eq!(broken("a && b"), "a && b");
    }

    #[test]
    fn examples_say_what_they_state() {
        let given = serde_json::json!({
            "resource": { "a": { "$unknown": "denied" }, "b": { "c": [1, { "d": null }] }, "e": {} },
        });
        let mut lines = Vec::new();
        flatten(given.as_object().unwrap(), "", &mut lines);
        assert_eq!(lines, ["resource.a unknown (denied)", "resource.b.c = [1,{\"d\":null}]", "resource.e = {}"]);
    }
}
