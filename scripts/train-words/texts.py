"""Makes one file of plain words, a paragraph a line, of texts that anybody can have: step 1 of README.md beside this file.

python3 texts.py DEBIAN_DOCS CLONES LISTS OUT
"""
import gzip, html, os, random, re, subprocess, sys, unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
STOP = set(re.search(r'`(.*?)`', open(f'{HERE}/../../src/domain/words/stems/stop-words.ts').read(), re.S)[1].split())
WORD = re.compile(r'[^\W_]+')
CAMEL = re.compile(r'(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])')
BLOCK = re.compile(r'</?(p|div|li|td|th|h\d|dt|dd|tr|br|section|table|ul|ol|dl)\b[^>]*>', re.I)
NO_TEXT = re.compile(r'<(script|style|head|nav|pre)\b.*?</\1>', re.S | re.I)
OTHER_LANGUAGE = re.compile(r'/(locale|genindex|search|_static|_modules|[a-df-z][a-z]|e[a-mo-z]|[a-z]{2}_[A-Z]{2})/|changelog|copyright')
# Of the manuals this share: they would drown the rest.
SHARE_OF_MANUALS = 0.45
# Texts as people write them at work, of which there are few.
TIMES = {'foldoc': 2, 'jargon': 2, 'clone': 3}
lines = []


def add(text, times=1):
    if not text.isascii():
        text = ''.join(c for c in unicodedata.normalize('NFKD', text) if not unicodedata.combining(c))
        if sum(c.isascii() for c in text) < 0.9 * len(text):
            return
    words = [w for w in WORD.findall(CAMEL.sub(' ', text).lower()) if w not in STOP and len(w) < 25]
    if len(words) > 1:
        lines.extend([' '.join(words)] * times)


def paragraphs(text):
    for paragraph in re.split(r'\n\s*\n|\n(?=[-*#]\s)', text):
        paragraph = re.sub(r'\s+', ' ', paragraph).strip()[:6000]
        letters = sum(c.isalpha() or c == ' ' for c in paragraph)
        if paragraph.count(' ') >= 3 and letters >= 0.8 * len(paragraph):
            yield paragraph


def text_of(path):
    data = open(path, 'rb').read(4_000_000)
    if path.endswith('.gz'):
        data, path = gzip.decompress(data), path[:-3]
    text = data.decode('utf-8', 'ignore')
    if re.search(r'\.(html?|xhtml|page|xml)$', path):
        return html.unescape(re.sub(r'<[^>]*>', '', BLOCK.sub('\n\n', NO_TEXT.sub('\n\n', text))))
    if '/man/man' in path:
        text = re.sub(r'^\.(SH|SS|TP|PP|P|IP|LP|Sh|Ss|Pp|It)\b.*$', '\n\n', text, flags=re.M)
        return re.sub(r"^[.'].*$|\\f.|\\&|\\-|\\\(..|\\", ' ', text, flags=re.M)
    if re.search(r'\.(mdx?|markdown|rst|txt|pod|erb)$', path):
        return re.sub(r'<[^>]*>', '', re.sub(r'```.*?```', '\n\n', text, flags=re.S))
    return ''


def paragraphs_below(root):
    seen = set()
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            if OTHER_LANGUAGE.search(path[len(root):]) or not os.path.isfile(path):
                continue
            try:
                found = [*paragraphs(text_of(path))]
            except (OSError, EOFError):
                continue
            for paragraph in found:
                if paragraph not in seen:
                    seen.add(paragraph)
                    yield paragraph


def add_tree(root, share=1.0, times=1):
    for paragraph in paragraphs_below(root):
        if random.random() < share:
            add(paragraph, times)


def add_dictionaries(root):
    for name in ['foldoc', 'jargon', 'gcide', 'vera', 'devil']:
        text = gzip.open(f'{root}/dictd/{name}.dict.dz').read().decode('utf-8', 'ignore')
        for entry in re.split(r'\n(?=\S)', text):
            add(re.sub(r'\[[^\]]*\]|\{|\}|<[^>]*>', ' ', entry)[:6000], TIMES.get(name, 1))


def add_package_descriptions():
    folder = '/var/lib/apt/lists'
    for name in sorted(n for n in os.listdir(folder) if 'Translation-en' in n):
        run = subprocess.run(['/usr/lib/apt/apt-helper', 'cat-file', f'{folder}/{name}'], capture_output=True)
        for record in run.stdout.decode().split('\n\n'):
            found = re.search(r'Description-en: (.*)', record, re.S)
            for paragraph in set(re.split(r'\n \.\n', found[1])) if found else ():
                add(paragraph)


def add_wordnet(root):
    """Each meaning with its gloss, and beside its wider ones: words that can stand for one another stand side by side."""
    meanings = {}
    for part in ['noun', 'verb', 'adj', 'adv']:
        for line in open(f'{root}/wordnet/data.{part}'):
            if line.startswith('  '):
                continue
            head, _, gloss = line.partition('|')
            cells = head.split()
            count = int(cells[3], 16)
            words = [cells[4 + 2 * at].lower().split('(')[0].replace('_', ' ') for at in range(count)]
            rest = cells[4 + 2 * count:]
            wider = [(rest[3 + 4 * at].replace('s', 'a'), rest[2 + 4 * at]) for at in range(int(rest[0]))
                     if rest[1 + 4 * at] in ('@', '&', '+', '*', '>')]
            meanings[part[0] if part != 'adv' else 'r', cells[0]] = words, wider, gloss
    for words, wider, gloss in meanings.values():
        near = [w for key in wider for w in meanings.get(key, ([],))[0]]
        add(' '.join(words) + ' ' + gloss)
        add(' '.join(words + near[:6] + words))


def add_thesaurus(root):
    rows = open(f'{root}/mythes/th_en_US_v2.dat', errors='ignore').read().split('\n')
    at = 1
    while at < len(rows) and '|' in rows[at]:
        word, count = rows[at].split('|')[:2]
        for row in rows[at + 1:at + 1 + int(count)]:
            add(' '.join([word, *[re.sub(r'\(.*?\)', '', w) for w in row.split('|')[1:11]]]))
        at += 1 + int(count)


if __name__ == '__main__':
    docs, clones, lists, out = sys.argv[1:]
    random.seed(1)
    add_tree(docs, share=SHARE_OF_MANUALS)
    for clone in sorted(os.listdir(clones)):
        add_tree(f'{clones}/{clone}', times=1 if clone in ('tldr', 'enhancements') else TIMES['clone'])
    for name in sorted(os.listdir(lists)):
        for line in open(f'{lists}/{name}'):
            add(line)
    add_dictionaries(docs)
    add_package_descriptions()
    add_wordnet(docs)
    add_thesaurus(docs)
    random.shuffle(lines)
    open(out, 'w').write('\n'.join(lines) + '\n')
    print(len(lines), 'paragraphs,', sum(line.count(' ') + 1 for line in lines), 'words')
