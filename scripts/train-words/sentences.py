"""Sentences as they are written, for the sentence model to read: step 4 of README.md beside this file.

python3 sentences.py DEBIAN_DOCS OUT

Writes one sentence a line, in random order: of manuals, of dictionaries behind the word that they explain, of WordNet's glosses and
examples, and rows of the thesaurus.
"""
import gzip, random, re, sys
from texts import OTHER_LANGUAGE, paragraphs, paragraphs_below

docs, out = sys.argv[1:]
# How many of each: manuals and the thesaurus would drown the rest.
MOST = {'docs': 60_000, 'dictionaries': 35_000, 'wordnet': 60_000, 'thesaurus': 10_000}
SHARE_OF_MANUALS = 0.5
FEWEST_WORDS, MOST_WORDS = 5, 45
END = re.compile(r'(?<=[.!?:;])\s+(?=[A-Z`"(])')


def sentences(text):
    for sentence in END.split(re.sub(r'\s+', ' ', text).strip()):
        letters = sum(c.isalpha() or c == ' ' for c in sentence)
        if FEWEST_WORDS <= sentence.count(' ') + 1 <= MOST_WORDS and letters >= 0.85 * len(sentence) and sentence.isascii():
            yield sentence


def of_docs():
    for paragraph in paragraphs_below(docs):
        if random.random() < SHARE_OF_MANUALS:
            yield from sentences(paragraph)


def of_dictionaries():
    for name in ['foldoc', 'jargon', 'gcide', 'vera', 'devil']:
        text = gzip.open(f'{docs}/dictd/{name}.dict.dz').read().decode('utf-8', 'ignore')
        for entry in re.split(r'\n(?=\S)', text):
            word, _, meaning = re.sub(r'\[[^\]]*\]|\{|\}|<[^>]*>', ' ', entry)[:3000].partition('\n')
            yield from sentences(f'{word.strip()}: {meaning}')


def of_wordnet():
    for part in ['noun', 'verb', 'adj', 'adv']:
        for line in open(f'{docs}/wordnet/data.{part}'):
            if line.startswith('  '):
                continue
            head, _, gloss = line.partition('|')
            cells = head.split()
            words = [cells[4 + 2 * at].split('(')[0].replace('_', ' ') for at in range(int(cells[3], 16))]
            yield ', '.join(words) + ': ' + gloss.split(';')[0].strip()
            yield from re.findall(r'"([^"]{15,200})"', gloss)


def of_thesaurus():
    rows = open(f'{docs}/mythes/th_en_US_v2.dat', errors='ignore').read().split('\n')
    at = 1
    while at < len(rows) and '|' in rows[at]:
        word, count = rows[at].split('|')[:2]
        for row in rows[at + 1:at + 1 + int(count)]:
            yield ', '.join([word, *[re.sub(r'\(.*?\)', '', w).strip() for w in row.split('|')[1:6]]])
        at += 1 + int(count)


random.seed(3)
chosen = []
for name, found in [('docs', of_docs), ('dictionaries', of_dictionaries), ('wordnet', of_wordnet), ('thesaurus', of_thesaurus)]:
    lines = list(dict.fromkeys(found()))
    random.shuffle(lines)
    chosen += lines[:MOST[name]]
random.shuffle(chosen)
open(out, 'w').write('\n'.join(chosen))
print(len(chosen), 'sentences')
