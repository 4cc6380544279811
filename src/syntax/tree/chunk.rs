//! Lines and blocks out of tokens whose braces are in order, or will be once the repairs are made.

use super::{Block, Node, Statement, scan::Action};
use crate::{
    source::Span,
    syntax::token::{Role, Token, TokenKind},
};

pub(super) fn build(tokens: &[Token], actions: &[Action]) -> Vec<Node> {
    let mut builder = Builder::default();
    for (token, action) in tokens.iter().zip(actions) {
        match action {
            Action::Ignore => {
                builder.flush();
                continue;
            }
            Action::OpenBefore => builder.open(builder.place(token)),
            Action::CloseBefore(count) => {
                (0..*count).for_each(|_| builder.close(builder.place(token)));
            }
            Action::Keep => {}
        }
        builder.token(token);
    }
    builder.flush();
    if let Some(last) = tokens.last() {
        while !builder.outer.is_empty() {
            builder.close(builder.place(last));
        }
    }
    builder.nodes
}

#[derive(Debug, Default)]
struct Builder {
    /// The nodes of the innermost level.
    nodes: Vec<Node>,
    /// The levels around it, the outermost first.
    outer: Vec<Outer>,
    line: Vec<Token>,
    /// The last thing said, for places where something is missing.
    end: Option<Span>,
    /// What a comment on this line belongs to.
    owner: Owner,
    line_is_empty: bool,
}

#[derive(Debug)]
struct Outer {
    nodes: Vec<Node>,
    header: Vec<Token>,
    open: Span,
    comment: Option<Token>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Owner {
    #[default]
    Nobody,
    Opened,
    Statement,
}

impl Builder {
    fn token(&mut self, token: &Token) {
        match token.kind.role() {
            Role::Blank => return,
            Role::Newline => return self.newline(),
            Role::Comment => self.comment(token),
            Role::Open => self.open(token.span),
            Role::Close => self.close(token.span),
            Role::Content => {
                self.owner = Owner::Statement;
                self.line.push(token.clone());
            }
        }
        self.line_is_empty = false;
        if token.kind != TokenKind::Comment {
            self.end = Some(token.span.after());
        }
    }

    fn newline(&mut self) {
        self.flush();
        if self.line_is_empty && !matches!(self.nodes.last(), Some(Node::Blank)) {
            self.nodes.push(Node::Blank);
        }
        self.line_is_empty = true;
        self.owner = Owner::Nobody;
    }

    fn comment(&mut self, token: &Token) {
        self.flush();
        match (self.owner, self.nodes.last_mut(), self.outer.last_mut()) {
            (Owner::Statement, Some(Node::Statement(statement)), _) => {
                statement.comment = Some(token.clone());
            }
            (Owner::Opened, _, Some(outer)) => outer.comment = Some(token.clone()),
            _ => self.nodes.push(Node::Comment(token.clone())),
        }
    }

    fn open(&mut self, open: Span) {
        let (nodes, comment) = if self.line.is_empty() { self.take_line_above() } else { (Vec::new(), None) };
        let header = std::mem::take(&mut self.line);
        let around = std::mem::replace(&mut self.nodes, nodes);
        self.outer.push(Outer { nodes: around, header, open, comment });
        self.owner = Owner::Opened;
    }

    /// A brace on a line of its own belongs to the line above; what stands between them moves into the block.
    fn take_line_above(&mut self) -> (Vec<Node>, Option<Token>) {
        let is_line = |it: &Node| matches!(it, Node::Statement(it) if it.block.is_none());
        let says_nothing = self.nodes.iter().rev().take_while(|it| !matches!(it, Node::Statement(_))).count();
        let between = self.nodes.split_off(self.nodes.len() - says_nothing);
        if let Some(Node::Statement(above)) = self.nodes.pop_if(|it| is_line(it)) {
            self.line = above.tokens;
            return (between, above.comment);
        }
        self.nodes.extend(between);
        (Vec::new(), None)
    }

    fn close(&mut self, close: Span) {
        self.flush();
        let Some(outer) = self.outer.pop() else { return };
        let nodes = std::mem::replace(&mut self.nodes, outer.nodes);
        let block = Block { open: outer.open, nodes, close, comment: outer.comment };
        self.push_statement(outer.header, Some(block));
        self.owner = Owner::Statement;
    }

    fn flush(&mut self) {
        if !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            self.push_statement(line, None);
        }
    }

    fn push_statement(&mut self, tokens: Vec<Token>, block: Option<Block>) {
        let line = match (tokens.first(), tokens.last(), &block) {
            (Some(first), Some(last), _) => first.span.to(last.span),
            (_, _, Some(block)) => block.open,
            (_, _, None) => return,
        };
        self.nodes.push(Node::Statement(Statement { line, tokens, block, comment: None }));
    }

    /// Where something that is missing before that token should stand.
    fn place(&self, token: &Token) -> Span {
        self.end.unwrap_or(token.span)
    }
}
