"""Whether a model draws what it is asked for: a classifier that was trained on real drawings reads what a model has drawn of each word.

    python styles.py --recurrent recurrent --data strokes/quickdraw --folder out

The folder of data has train.ndjson and valid.ndjson of Quick, Draw!; the second is what no training has seen, and gives the accuracy of
the classifier. A word counts where its drawings are recognised as it more often than as any other. Bundles that stand in the folder are
taken as they are. --classifier and --sketch are settings for the two trainings.
"""
import argparse
import collections
import json
import shlex
import subprocess
from pathlib import Path


def run(arguments, *words):
    command = [*shlex.split(arguments.recurrent), *map(str, words)]
    if arguments.threads:
        command += ["--threads", str(arguments.threads)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--recurrent", default="recurrent", help="the program, with words before its own")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="where bundles and drawings are written")
    parser.add_argument("--count", type=int, default=20, help="drawings of each word")
    parser.add_argument("--temperature", default="0.4")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--classifier", default="", help="settings of the classifier")
    parser.add_argument("--sketch", default="", help="settings of the model that draws")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    train, valid = arguments.data / "train.ndjson", arguments.data / "valid.ndjson"
    classifier, drawer = arguments.folder / "words.bundle", arguments.folder / "drawer.bundle"
    if not classifier.exists():
        run(arguments, "train", "classification", train, "--output", classifier, *shlex.split(arguments.classifier))
    if not drawer.exists():
        run(arguments, "train", "sketch", train, "--valid", valid, "--output", drawer, *shlex.split(arguments.sketch))
    evaluation = json.loads(run(arguments, "evaluate", classifier, valid, "--json"))
    accuracy = evaluation["accuracy"]["value"]
    words = sorted({json.loads(line)["word"] for line in open(train)})
    recognised = {}
    for number, word in enumerate(words):
        path = arguments.folder / f"drawn-{number}.ndjson"
        run(
            arguments, "generate", drawer, "--style", word, "--count", arguments.count,
            "--temperature", arguments.temperature, "--output", path,
        )  # fmt: skip
        rows = run(arguments, "predict", classifier, path, "--format", "jsonl").splitlines()
        recognised[word] = collections.Counter(json.loads(row)["label"] for row in rows)
    right = [word for word, found in recognised.items() if all(found[word] > n for w, n in found.items() if w != word)]
    right = [word for word in right if recognised[word][word]]
    share = sum(found[word] for word, found in recognised.items()) / (arguments.count * len(words))
    for word, found in recognised.items():
        print(word, *(f"{other} {count}" for other, count in found.most_common(3)), sep="  ")
    print(
        json.dumps(
            {"accuracy": accuracy, "words": len(words), "recognised": len(right), "share": round(share, 4), "which": right}
        )
    )


if __name__ == "__main__":
    main()
