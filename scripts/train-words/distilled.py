"""Teaches the table of words what a sentence model knows: step 6 of README.md beside this file.

python3 distilled.py TABLE SENTENCES OF_SENTENCES OF_WORDS OUT

TABLE is what joined.py wrote, OF_SENTENCES and OF_WORDS what model.py made of the sentences and of the table's words. The vectors of
the words of a sentence, summed, are to point where the model points for that sentence, and to tell it from others as the model does
(after Reimers and Gurevych, 2020, and Tulkens and van Dongen, 2024). Words begin at what the table and the model say of them alone
(least squares), so those in no sentence have a place too. How long a vector is says how much its word tells. In the end the table of
before stands beside what was learned, of which the hundred strongest directions are kept.
"""
import re, sys
import numpy as np, torch
from os.path import abspath, dirname
from torch.nn.functional import kl_div, log_softmax, normalize, softmax

table, sentences, of_sentences, of_words, out = sys.argv[1:]
HERE = dirname(abspath(__file__))
WORDS, DIMENSIONS = 44_000, 100
COMMONEST, RIDGE = 20_000, 3
# How a word counts by its rank in the table of before; see Arora, Liang and Ma, 2017.
SMOOTHING, SHARED_BY = 1e-4, 5_000
ROUNDS, AT_ONCE, RATE, TEMPERATURE = 4, 1_024, 0.015, 0.07
TABLE_COUNTS = 0.7
STOP = set(re.search(r'`(.*?)`', open(f'{HERE}/../../src/domain/words/stems/stop-words.ts').read(), re.S)[1].split())
CAMEL = re.compile(r'(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])')
# As src/domain/words/vectors/inflected.ts.
ENDINGS = [('ies', 'y'), ('s', ''), ('es', ''), ('ing', ''), ('ing', 'e'), ('ed', ''), ('ed', 'e')]


def unit(rows):
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(length == 0, 1, length)


def strongest(rows):
    _, directions = np.linalg.eigh(rows.T @ rows)
    return directions[:, ::-1][:, :DIMENSIONS]


data = open(table, 'rb').read()
words = data[WORDS * (DIMENSIONS + 4):].decode().split('\n')
before = unit(np.frombuffer(data, np.int8, WORDS * DIMENSIONS).reshape(WORDS, DIMENSIONS).astype(np.float32))
number = {word: at for at, word in enumerate(words)}
counts = SMOOTHING / (SMOOTHING + 1 / ((np.arange(WORDS) + 1) * (np.log(WORDS) + 0.577)))[:, None].astype(np.float32)


def number_of(word):
    if word in number or len(word) < 5:
        return number.get(word)
    bases = (word[:-len(ending)] + instead for ending, instead in ENDINGS if word.endswith(ending))
    return next((number[base] for base in bases if base in number), None)


def numbers_of(line):
    found = (number_of(word) for word in re.findall(r'[^\W_]+', CAMEL.sub(' ', line).lower()) if word not in STOP)
    return [at for at in found if at is not None]


lines = [numbers_of(line) for line in open(sentences).read().split('\n')]
kept = [at for at, line in enumerate(lines) if len(line) > 1]
lines = [lines[at] for at in kept]
model = np.load(of_sentences)[kept].astype(np.float32)
model -= model.mean(0)
wanted = unit(model @ strongest(model))
model = unit(model)

alone = np.load(of_words).astype(np.float32)
alone = unit(alone - alone[:COMMONEST].mean(0))
known = np.hstack([before, alone])
sums = unit(np.stack([(counts[line] * known[line]).sum(0) for line in lines]))
turned = np.linalg.solve(sums.T @ sums + RIDGE * np.eye(known.shape[1]), sums.T @ wanted)
first = (counts * (known @ turned)).astype(np.float32)
first /= np.median(np.linalg.norm(first, axis=1))

torch.manual_seed(1)
learned = torch.nn.EmbeddingBag(WORDS, DIMENSIONS, mode='sum', sparse=True)
learned.weight.data = torch.from_numpy(first.copy())
steps = torch.optim.SparseAdam(learned.parameters(), lr=RATE * float(np.abs(first).mean()))
wanted, model = torch.from_numpy(wanted), torch.from_numpy(model)
itself = 1e9 * torch.eye(AT_ONCE)
for turn in range(ROUNDS):
    order = np.random.RandomState(turn).permutation(len(lines))
    for start in range(0, len(order) - AT_ONCE + 1, AT_ONCE):
        chosen = order[start:start + AT_ONCE]
        ends = np.cumsum([0] + [len(lines[at]) for at in chosen])[:-1]
        found = normalize(learned(torch.tensor([word for at in chosen for word in lines[at]]), torch.tensor(ends)), dim=1)
        alike, as_alike = found @ found.T, model[chosen] @ model[chosen].T
        loss = (1 - (found * wanted[chosen]).sum(1)).mean() + 20 * ((alike - as_alike) ** 2).mean()
        loss += kl_div(
            log_softmax(alike / TEMPERATURE - itself, 1), softmax(as_alike / TEMPERATURE - itself, 1), reduction='batchmean'
        )
        loss.backward()
        steps.step()
        learned.zero_grad()
    print(turn + 1, 'of', ROUNDS, float(loss))
learned = learned.weight.detach().numpy()

# The table of before as it was read: without what all texts have in common.
before *= counts
shared = unit(before[:SHARED_BY].sum(0)[None])
before -= before @ shared.T @ shared
length = lambda rows: np.mean([np.linalg.norm(rows[line].sum(0)) for line in lines[::50]])
both = np.hstack([learned / length(learned), TABLE_COUNTS * before / length(before)])
rows = both @ strongest(both)
rows /= np.median(np.linalg.norm(rows, axis=1))
scale = np.abs(rows).max(axis=1, keepdims=True) / 127
scale[scale == 0] = 1
with open(out, 'wb') as file:
    file.write(np.round(rows / scale).astype(np.int8).tobytes())
    file.write(scale.astype('<f4').tobytes())
    file.write('\n'.join(words).encode())
print(len(lines), 'sentences')
