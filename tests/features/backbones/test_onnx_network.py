"""ONNX networks of any usual form become encoders, and all others are refused in a sentence."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from recommender.errors import BackboneError
from recommender.features.backbones.onnx_folder import export_files, files_in, files_of_network
from recommender.features.backbones.onnx_network import export_image_network
from recommender.features.backbones.preprocessor_config import PixelInput, read_preprocessor
from recommender.features.backbones.registry import Backbone
from recommender.features.encoder import Encoder
from recommender.features.preprocessing import to_pixels
from tests.support import two_towers
from tests.support.drawn_products import draw_product
from tests.support.two_towers import EMBEDDING, FILTERS, GRID, SIDE, image_network, write_two_towers

PIXELS = PixelInput(SIDE, SIDE, False, "bicubic", (127.5,) * 3, (127.5,) * 3)
CELLS = SIDE // GRID


def pictures(count: int = 3) -> np.ndarray:
    drawn = [draw_product("Tshirts", "Red", 7 + i).resize((SIDE, SIDE)) for i in range(count)]
    return np.stack([np.asarray(picture) for picture in drawn])


def reference(model: onnx.ModelProto, pixels: np.ndarray) -> list[np.ndarray]:
    """Outputs by ONNX's own evaluator, of float pixels normalised by hand."""
    from onnx.reference import ReferenceEvaluator

    values = (pixels.astype(np.float32) - 127.5) / 127.5
    return ReferenceEvaluator(model).run(None, {"pixel_values": values.transpose(0, 3, 1, 2)})


def exported(folder: Path, model: onnx.ModelProto, pixels: PixelInput = PIXELS) -> Encoder:
    path = folder / "vision_model.onnx"
    onnx.save(model, path)
    export_image_network(path, pixels, folder / "encoder", half=False)
    return Encoder(folder / "encoder", batch=4, threads=1)


def test_an_embedding_is_the_networks_own(tmp_path: Path) -> None:
    model = image_network("embedding")
    features = exported(tmp_path, model).encode(pictures())
    assert features.max_pooled == pytest.approx(reference(model, pictures())[1], abs=1e-4)
    assert features.avg_pooled.shape == (3, 0)
    assert features.feature_map.shape == (3, 0, 0, EMBEDDING)


@pytest.mark.parametrize("form", ["map", "map last", "tokens"])
def test_a_feature_map_in_any_order_is_pooled(form: str, tmp_path: Path) -> None:
    features = exported(tmp_path, image_network(form)).encode(pictures())
    [cells] = reference(image_network("map last"), pictures())
    assert features.feature_map.shape == (3, CELLS, CELLS, FILTERS)
    assert features.feature_map == pytest.approx(cells, abs=1e-4)
    assert features.max_pooled == pytest.approx(cells.max(axis=(1, 2)), abs=1e-4)
    assert features.avg_pooled == pytest.approx(cells.mean(axis=(1, 2)), abs=1e-4)


def test_a_network_of_both_towers_gives_its_image_part(tmp_path: Path) -> None:
    image, text = image_network(), two_towers.text_network()
    onnx.compose.add_prefix(text, "text_", rename_inputs=False, rename_outputs=False, inplace=True)
    both = onnx.compose.merge_models(image, text, io_map=[])
    features = exported(tmp_path, both).encode(pictures())
    assert features.max_pooled == pytest.approx(reference(image, pictures())[1], abs=1e-4)


def test_half_the_weights_take_half_the_room_and_change_little(tmp_path: Path) -> None:
    encoder = exported(tmp_path, image_network())
    export_image_network(tmp_path / "vision_model.onnx", PIXELS, tmp_path / "half", half=True)
    sizes = [(tmp_path / name / "encoder.bin").stat().st_size for name in ("half", "encoder")]
    assert sizes[0] < 0.6 * sizes[1]
    half = Encoder(tmp_path / "half", batch=4, threads=1).encode(pictures())
    assert half.max_pooled == pytest.approx(encoder.encode(pictures()).max_pooled, abs=0.02)


REFUSED = {
    "class scores": (image_network("logits"), "export the network without its classification"),
    "another size": (image_network(side=32), "takes pictures of 32 x 32 pixels, and its preproc"),
    "words": (two_towers.text_network(), "is no image network"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_other_networks_are_refused_in_a_sentence(what: str, tmp_path: Path) -> None:
    model, reason = REFUSED[what]
    with pytest.raises(BackboneError, match=reason):
        exported(tmp_path, model)


def test_a_network_for_one_picture_is_refused(tmp_path: Path) -> None:
    model = image_network(batch=1)
    # As exporters write it that follow one picture through the network.
    for tensor in model.graph.initializer:
        if tensor.name == "rows":
            tensor.CopyFrom(onnx.numpy_helper.from_array(np.array([1, EMBEDDING]), "rows"))
    with pytest.raises(BackboneError, match="dynamic batch size"):
        exported(tmp_path, model)


def test_damaged_and_foreign_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "vision_model.onnx"
    whole = image_network().SerializeToString()
    for content in (b"", b"no network", whole[:2000], whole.replace(b"Conv", b"Co\xc2v")):
        path.write_bytes(content)
        with pytest.raises(BackboneError, match=r"OpenVINO cannot read vision_model\.onnx"):
            export_image_network(path, PIXELS, tmp_path / "encoder", half=False)


def test_weights_beside_the_file_are_read_and_others_are_not(tmp_path: Path) -> None:
    inside = tmp_path / "network"
    inside.mkdir()
    model = image_network()
    onnx.save(
        model,
        inside / "vision_model.onnx",
        save_as_external_data=True,
        location="vision_model.onnx_data",
        size_threshold=0,
    )
    export_image_network(inside / "vision_model.onnx", PIXELS, tmp_path / "encoder", half=False)
    features = Encoder(tmp_path / "encoder", threads=1).encode(pictures(1))
    whole = image_network()
    assert features.max_pooled == pytest.approx(reference(whole, pictures(1))[1], abs=1e-4)

    (inside / "vision_model.onnx_data").rename(tmp_path / "secret")
    stranger = onnx.load(inside / "vision_model.onnx", load_external_data=False)
    for tensor in stranger.graph.initializer:
        for entry in tensor.external_data:
            if entry.key == "location":
                entry.value = "../secret"
    (inside / "vision_model.onnx").write_bytes(stranger.SerializeToString())
    with pytest.raises(BackboneError, match="cannot read"):
        export_image_network(inside / "vision_model.onnx", PIXELS, tmp_path / "other", half=False)


def test_a_folder_without_an_image_network_says_what_is_there(tmp_path: Path) -> None:
    write_two_towers(tmp_path / "towers")
    (tmp_path / "towers" / "onnx" / "vision_model.onnx").rename(tmp_path / "towers" / "mine.onnx")
    with pytest.raises(BackboneError, match=r"towers has no image network .* but mine\.onnx, onnx"):
        files_of_network(files_in(tmp_path / "towers"), "towers")


def test_a_network_of_many_gigabytes_is_refused() -> None:
    files = [("onnx/vision_model.onnx", 1_000), ("onnx/vision_model.onnx_data", 5_000_000_000)]
    with pytest.raises(BackboneError, match=r"has 5\.0 GB; at most 4 GB are read"):
        files_of_network(files, "owner/name")


def backbone_of(folder: Path) -> Backbone:
    files = files_of_network(files_in(folder), folder.name)
    return export_files(folder, files, "towers", "somewhere", folder / "encoder", half=False)


def test_the_card_names_the_licence(tmp_path: Path) -> None:
    assert backbone_of(write_two_towers(tmp_path / "a")).weights_licence == "apache-2.0"
    folder = write_two_towers(tmp_path / "b")
    (folder / "README.md").write_text("---\nlicense: [\n---\n")
    assert backbone_of(folder).weights_licence == "unknown"


# The input: `preprocessor_config.json`.

INPUTS = {
    "a square": ({"size": {"height": 64, "width": 64}}, (64, 64, False)),
    "a number": ({"size": 64}, (64, 64, False)),
    "CLIP": (
        {
            "size": {"shortest_edge": 72},
            "do_center_crop": True,
            "crop_size": {"height": 64, "width": 64},
        },
        (64, 72, True),
    ),
    "older CLIP": ({"size": 72, "do_center_crop": True, "crop_size": 64}, (64, 72, True)),
    "EfficientNet": (
        {"size": {"height": 72, "width": 72}, "crop_size": {"height": 64, "width": 64}},
        (64, 72, False),
    ),
    "ConvNeXt": ({"size": {"shortest_edge": 64}, "crop_pct": 0.8}, (64, 80, True)),
}


@pytest.mark.parametrize("what", INPUTS)
def test_sizes_and_crops_are_read(what: str, tmp_path: Path) -> None:
    config, expected = INPUTS[what]
    path = tmp_path / "preprocessor_config.json"
    path.write_text(json.dumps(two_towers.PREPROCESSOR | config))
    found = read_preprocessor(path)
    assert (found.side, found.resized_side, found.keeps_proportions) == expected
    assert found.interpolation == "bicubic"
    assert found.mean == found.scale == pytest.approx((127.5,) * 3)


WRONG = {
    "no size": ({"size": None}, "size"),
    "no square": ({"size": {"height": 384, "width": 128}}, "384 x 128 is no square"),
    "huge": ({"size": 100_000}, "not within 1 to"),
    "a text": ({"size": "large"}, "'large' is no whole number"),
    "nothing cut": ({"size": {"shortest_edge": 64}}, "cuts nothing"),
    "no deviation": ({"image_std": [0, 1, 1]}, "impossible"),
    "infinite": ({"image_mean": [float("inf")] * 3}, "impossible"),
    "two channels": ({"image_mean": [0.5, 0.5]}, "three numbers"),
    "no mean": ({"image_mean": None}, "three numbers"),
    "unknown interpolation": ({"resample": 99}, "resample 99 is unknown"),
    "no growth": ({"size": {"shortest_edge": 64}, "crop_pct": 0}, "preprocessor_config"),
}


@pytest.mark.parametrize("what", WRONG)
def test_impossible_inputs_are_refused_in_a_sentence(what: str, tmp_path: Path) -> None:
    config, reason = WRONG[what]
    path = tmp_path / "preprocessor_config.json"
    path.write_text(json.dumps(two_towers.PREPROCESSOR | config))
    with pytest.raises(BackboneError, match=reason):
        read_preprocessor(path)


@pytest.mark.parametrize("content", [None, "", "[]", "{", "[" * 100_000])
def test_a_missing_or_damaged_description_is_refused(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "preprocessor_config.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(BackboneError, match=r"preprocessor_config\.json"):
        read_preprocessor(path)


def described(side: int, resized: int, proportions: bool) -> Backbone:
    sizes = {"resized_side": resized, "keeps_proportions": proportions}
    return Backbone("x", "X", side, 8, "bicubic", "somewhere", "MIT", **sizes)


@pytest.mark.parametrize("size", [(90, 120), (120, 90), (64, 64), (1, 3000), (3000, 1)])
def test_the_centre_is_cut_out_as_the_hubs_processors_do(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)
    ours = to_pixels(picture, described(56, 64, True))
    assert ours.shape == (56, 56, 3)
    if min(size) > 1:
        scale = 64 / min(size)
        whole = picture.resize([round(s * scale) for s in size], Image.Resampling.BICUBIC)
        left, top = ((s - 56) // 2 for s in whole.size)
        theirs = np.asarray(whole.crop((left, top, left + 56, top + 56)))
        assert np.abs(ours.astype(int) - theirs).mean() < 3


def test_a_stretched_picture_is_cut_too() -> None:
    picture = draw_product("Handbags", "Blue", 5)
    ours = to_pixels(picture, described(56, 64, False)).astype(int)
    whole = picture.resize((64, 64), Image.Resampling.BICUBIC)
    theirs = np.asarray(whole.crop((4, 4, 60, 60)))
    assert np.abs(ours - theirs).mean() < 3


def test_a_network_with_a_loop_or_more_numbers_than_memory_is_refused(tmp_path: Path) -> None:
    def network(*nodes: onnx.NodeProto, **constants: np.ndarray) -> onnx.ModelProto:
        helper, kind = onnx.helper, onnx.TensorProto.FLOAT
        mean = helper.make_node("ReduceMean", ["pixel_values"], ["mean"], axes=[2, 3], keepdims=0)
        pixels = helper.make_tensor_value_info("pixel_values", kind, ["n", 3, SIDE, SIDE])
        graph = helper.make_graph(
            [mean, *nodes],
            "hostile",
            [pixels],
            [helper.make_tensor_value_info("image_embeds", kind, None)],
            [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
        )
        opset = [helper.make_opsetid("", 13)]
        return helper.make_model(graph, opset_imports=opset, ir_version=8)

    node, value = onnx.helper.make_node, onnx.helper.make_tensor_value_info
    body = onnx.helper.make_graph(
        [node("Identity", ["goes_on"], ["more"]), node("Identity", ["now"], ["next"])],
        "body",
        [
            value("turn", onnx.TensorProto.INT64, []),
            value("goes_on", onnx.TensorProto.BOOL, []),
            value("now", onnx.TensorProto.FLOAT, None),
        ],
        [
            value("more", onnx.TensorProto.BOOL, []),
            value("next", onnx.TensorProto.FLOAT, None),
        ],
    )
    endless = network(
        node("Loop", ["turns", "true", "mean"], ["image_embeds"], body=body),
        turns=np.array(2**62),
        true=np.array(True),
    )
    with pytest.raises(BackboneError, match="has a loop, which no image network needs"):
        exported(tmp_path, endless)

    huge = network(
        node("ConstantOfShape", ["shape"], ["zeros"]),
        node("ReduceSum", ["zeros"], ["sum"], keepdims=0),
        node("Add", ["mean", "sum"], ["image_embeds"]),
        shape=np.array([2_000_000, 2_000_000_000]),
    )
    with pytest.raises(BackboneError, match="OpenVINO cannot"):
        exported(tmp_path, huge)
