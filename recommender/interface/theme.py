"""Theme of the page: its colours and type, paper, ink and one accent."""

import gradio as gr
from gradio.themes.utils import colors, sizes

# Fonts that devices have: none is fetched.
_SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """The theme, light and dark."""
    return gr.themes.Base(
        primary_hue=colors.indigo,
        secondary_hue=colors.indigo,
        neutral_hue=colors.stone,
        text_size=sizes.text_md,
        radius_size=sizes.radius_lg,
        font=_SANS,
        font_mono=_MONO,
    ).set(
        body_background_fill="#fbfaf8",
        body_background_fill_dark="#161412",
        body_text_color="#1c1917",
        body_text_color_dark="#f5f5f4",
        body_text_color_subdued="#57534e",
        body_text_color_subdued_dark="#b5afa9",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1f1c1a",
        background_fill_secondary="#f5f3f0",
        background_fill_secondary_dark="#292524",
        block_background_fill="#ffffff",
        block_background_fill_dark="#1f1c1a",
        block_border_color="#e7e5e4",
        block_border_color_dark="#3a3532",
        block_shadow="none",
        block_shadow_dark="none",
        block_label_text_color="#57534e",
        block_label_text_color_dark="#b5afa9",
        block_title_text_color="#292524",
        block_title_text_color_dark="#e7e5e4",
        block_title_text_weight="600",
        block_info_text_color="#57534e",
        block_info_text_color_dark="#b5afa9",
        input_background_fill="#ffffff",
        input_background_fill_dark="#292524",
        input_border_width="1px",
        input_border_color="#d6d3d1",
        input_border_color_dark="#57534e",
        input_placeholder_color="#6b6560",
        input_placeholder_color_dark="#a8a29e",
        slider_color="#4f46e5",
        slider_color_dark="#818cf8",
        button_primary_background_fill="#1c1917",
        button_primary_background_fill_hover="#3a3532",
        button_primary_background_fill_dark="#f5f5f4",
        button_primary_background_fill_hover_dark="#d6d3d1",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#1c1917",
        link_text_color="#4338ca",
        link_text_color_dark="#a5b4fc",
        link_text_color_hover="#312e81",
        link_text_color_hover_dark="#c7d2fe",
        link_text_color_visited="#4338ca",
        link_text_color_visited_dark="#a5b4fc",
    )
