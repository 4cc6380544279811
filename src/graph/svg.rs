//! A picture, laid out by a crate that does what Graphviz does.

use layout::{
    backends::svg::SVGWriter,
    core::{
        base::Orientation,
        color::Color,
        geometry::Point,
        style::{LineStyleKind, StyleAttr},
    },
    std_shapes::shapes::{Arrow, Element, LineEndKind, ShapeKind},
    topo::layout::VisualGraph,
};
use unicode_width::UnicodeWidthStr;

use super::arrows::arrows;
use crate::lower::PipelinePlan;

const FONT_SIZE: usize = 14;

/// An SVG document.
pub fn svg(pipeline: &PipelinePlan) -> String {
    let mut graph = VisualGraph::new(Orientation::TopToBottom);
    let style = StyleAttr::new(Color::fast("black"), 1, Some(Color::fast("white")), 4, FONT_SIZE);
    let boxes: Vec<_> = pipeline
        .stages
        .iter()
        .map(|stage| {
            let letters = u32::try_from(stage.id.width()).unwrap_or(u32::MAX);
            let size = Point::new(f64::from(letters) * 8.0 + 24.0, 36.0);
            let shape = ShapeKind::new_box(&stage.id);
            graph.add_node(Element::create(shape, style.clone(), Orientation::TopToBottom, size))
        })
        .collect();
    for (from, to) in arrows(&pipeline.flow) {
        if let (Some(from), Some(to)) = (boxes.get(from), boxes.get(to)) {
            graph.add_edge(arrow(&style), *from, *to);
        }
    }
    let mut writer = SVGWriter::new();
    graph.do_it(false, false, false, &mut writer);
    let mut text = writer.finalize();
    text.push('\n');
    text
}

/// With the look of the boxes: where a document has one size of letters only, its styles have only one order.
fn arrow(style: &StyleAttr) -> Arrow {
    Arrow::new(LineEndKind::None, LineEndKind::Arrow, LineStyleKind::Normal, "", style, &None, &None)
}
