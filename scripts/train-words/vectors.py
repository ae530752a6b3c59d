"""Trains the word vectors of which words stand near which: step 2 of README.md beside this file.

python3 vectors.py PLAIN OUT

How much more often two words stand near each other than by chance (positive pointwise mutual information, the contexts' shares to the
power of 0.75), of which the singular directions are kept, all of the same weight (Levy, Goldberg and Dagan, 2015).
"""
import re, sys
from collections import Counter
import numpy as np
import scipy.sparse as sparse

plain, out = sys.argv[1:]
COUNTED, CONTEXTS, KEPT = 60_000, 25_000, 44_000
NEAR, FEWEST, THINNED = 5, 8, 2e-4
DIMENSIONS, ALSO, ROUNDS = 100, 20, 3
AT_ONCE = 4_000_000
random = np.random.default_rng(1)

lines = open(plain).read().split('\n')
counter = Counter()
for line in lines:
    counter.update(line.split())
words = [word for word, count in counter.most_common(COUNTED) if count >= FEWEST]
counts = np.array([counter[word] for word in words], float)
number = {word: at for at, word in enumerate(words)}
text = np.fromiter((i for line in lines for i in [*(number[w] for w in line.split() if w in number), -1]), dtype=np.int32)
del lines
# Common words are thinned out, as word2vec does; -1 ends a paragraph.
keep = np.minimum(1, np.sqrt(THINNED / (counts / counts.sum())))
text = text[random.random(len(text)) < np.where(text < 0, 1, keep[np.maximum(text, 0)])]

size = len(words)
near = sparse.csr_matrix((size, size), dtype=np.float32)
for start in range(0, len(text), AT_ONCE):
    part = text[start:start + AT_ONCE]
    paragraph = np.cumsum(part < 0)
    for step in range(1, NEAR + 1):
        one, other = part[:-step], part[step:]
        fits = (paragraph[:-step] == paragraph[step:]) & (one >= 0) & (other >= 0)
        weight = np.full(fits.sum(), (NEAR + 1 - step) / NEAR, np.float32)
        near = near + sparse.csr_matrix((weight, (one[fits], other[fits])), shape=(size, size))
near = (near + near.T).tocsr()[:, :CONTEXTS]
near.data[near.data < 0.51] = 0
near.eliminate_zeros()
row = np.asarray(near.sum(1)).ravel() + 1e-9
column = np.asarray(near.sum(0)).ravel() ** 0.75
column /= column.sum()
near = near.tocoo()
more = np.maximum(np.log(near.data / (row[near.row] * column[near.col])), 0).astype(np.float32)
table = sparse.csr_matrix((more, (near.row, near.col)), shape=(size, near.shape[1]))
table.eliminate_zeros()

found = table @ random.standard_normal((table.shape[1], DIMENSIONS + ALSO)).astype(np.float32)
for _ in range(ROUNDS):
    across, _ = np.linalg.qr(table.T @ np.linalg.qr(found)[0])
    found = table @ across
basis, _ = np.linalg.qr(found)
turned, _, _ = np.linalg.svd((table.T @ basis).T, full_matrices=False)
vectors = (basis @ turned)[:, :DIMENSIONS]

# The file: int8 numbers, a float scale a word, the words, commonest first.
kept = [at for at, word in enumerate(words) if len(word) > 1 and not re.fullmatch(r'\d+', word)][:KEPT]
rows = vectors[kept]
scale = np.abs(rows).max(axis=1, keepdims=True) / 127
scale[scale == 0] = 1
with open(out, 'wb') as file:
    file.write(np.round(rows / scale).astype(np.int8).tobytes())
    file.write(scale.astype('<f4').tobytes())
    file.write('\n'.join(words[at] for at in kept).encode())
print(len(kept), 'words')
