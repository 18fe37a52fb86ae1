"""Spark: with_spark.py PROGRAM BUNDLE TEXTS; a line of the texts is a record."""

import subprocess
import sys

from pyspark.sql import SparkSession

program, bundle, texts = sys.argv[1:4]
spark = (
    SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
command = f"{program} predict {bundle} --lines --json --threads 1"
# a process for each partition reads its lines and answers each in order; a failure fails the task
answers = spark.sparkContext.textFile(texts, 4).pipe(command, checkCode=True).collect()
spark.stop()
with open(texts, "rb") as file:
    alone = subprocess.run(command.split(), check=True, stdin=file, stdout=subprocess.PIPE).stdout.decode()
assert answers == alone.splitlines(), "spark: the answers are not those of one process"
print(f"spark: {len(answers)} lines are those of one process")
