"""Writes the compatibility mappings of NFKC as runs, for Sources/RecurrentData/Transcripts/CompatibilityMappings.swift.

    python3 Tests/Fixtures/make_compatibility.py > Sources/RecurrentData/Transcripts/CompatibilityMappings.swift
"""
import textwrap
import unicodedata

mappings = {}
for code in range(0x110000):
    if 0xD800 <= code < 0xE000:
        continue
    character = chr(code)
    if unicodedata.normalize("NFKD", character) != unicodedata.normalize("NFD", character):
        mappings[code] = [ord(c) for c in unicodedata.normalize("NFKC", character)]

keys = sorted(mappings)
runs = []
index = 0
while index < len(keys):
    code, target = keys[index], mappings[keys[index]]
    best, sign = 1, ""
    for rise, mark in ((1, "+"), (0, "*")):
        count = 1
        while mappings.get(code + count) == target[:-1] + [target[-1] + rise * count]:
            count += 1
        if count > best:
            best, sign = count, mark
    length = "%s%x" % (sign, best) if best > 1 else ""
    runs.append("%x%s=%s" % (code, length, ",".join("%x" % c for c in target)))
    index += best

print("/// The compatibility mappings of NFKC of Unicode %s; see ``CompatibilityTable``." % unicodedata.unidata_version)
print('let compatibilityMappings = """')
for line in textwrap.wrap(" ".join(runs), 108):
    print("  " + line)
print('  """')
