"""What the course looks at: procedural scenes that need no download, and readers of real data sets."""

from seeing.data.adult import Adult, load_adult
from seeing.data.average_precision_example import average_precision_example
from seeing.data.bccd import load_bccd
from seeing.data.calibration import CalibrationRecords, load_calibration_records
from seeing.data.camvid import load_camvid
from seeing.data.coco import CocoFiles, load_coco
from seeing.data.coco_masks import decode_rle, encode_rle, polygons_to_mask, segmentation_to_mask
from seeing.data.collate import collate_any_size, collate_detection
from seeing.data.compas import Compas, load_compas
from seeing.data.detection_files import DetectionFiles
from seeing.data.download import DataNotFound
from seeing.data.fico import Fico, load_fico
from seeing.data.files import BadFile, BadRecord
from seeing.data.glove import read_glove
from seeing.data.glove_words import load_glove
from seeing.data.mtcnn import load_pnet_weights
from seeing.data.penn_fudan import PennFudan, load_penn_fudan
from seeing.data.pets import load_oxford_pets
from seeing.data.postprocessing import RecidivismPredictions, load_recidivism_predictions
from seeing.data.segmentation_files import SegmentationFiles
from seeing.data.voc import load_voc
from seeing.data.voc_folder import load_voc_folder
from seeing.data.word_lists import WordLists, load_word_lists
from seeing.data.word_vectors import WordVectors, load_word_vectors
from seeing.data.world import CLASSES, Scenes, World, WorldDataset

__all__ = [
    "CLASSES",
    "Adult",
    "BadFile",
    "BadRecord",
    "CalibrationRecords",
    "CocoFiles",
    "Compas",
    "DataNotFound",
    "DetectionFiles",
    "Fico",
    "PennFudan",
    "RecidivismPredictions",
    "Scenes",
    "SegmentationFiles",
    "WordLists",
    "WordVectors",
    "World",
    "WorldDataset",
    "average_precision_example",
    "collate_any_size",
    "collate_detection",
    "decode_rle",
    "encode_rle",
    "load_adult",
    "load_bccd",
    "load_calibration_records",
    "load_camvid",
    "load_coco",
    "load_compas",
    "load_fico",
    "load_glove",
    "load_oxford_pets",
    "load_penn_fudan",
    "load_pnet_weights",
    "load_recidivism_predictions",
    "load_voc",
    "load_voc_folder",
    "load_word_lists",
    "load_word_vectors",
    "polygons_to_mask",
    "read_glove",
    "segmentation_to_mask",
]
