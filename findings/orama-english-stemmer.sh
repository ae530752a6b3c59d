#!/usr/bin/env bash
# @orama/stemmers 3.1.18: its English stemmer is the original Porter of 1980, while those of its other languages are
# Snowball's. Expected: one family of algorithms, so Porter2 ("Snowball English") for English.
# Seen: deploy -> deploi and deployment -> deploy (two different stems), generously -> gener, skies -> ski; in Snowball's
# English they are deploy, deploy, generous, sky. German follows Snowball: Häuser -> haus.
# Here: src/domain/words/stems/stem.ts takes English from wink-porter2-stemmer.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund @orama/stemmers@3.1.18 wink-porter2-stemmer@2.0.1
cat >try.mjs <<'JS'
import { stemmer as english } from '@orama/stemmers/english'
import { stemmer as german } from '@orama/stemmers/german'
import porter2 from 'wink-porter2-stemmer'

const words = ['deploy', 'deployment', 'generously', 'skies']
const seen = words.map(english)
console.log('english  ', words.map((word, i) => `${word} -> ${seen[i]}`).join(', '))
console.log('snowball ', words.map((word) => `${word} -> ${porter2(word)}`).join(', '))
console.log('german   ', `häuser -> ${german('häuser')}`)
const original = ['deploi', 'deploy', 'gener', 'ski']
const isAsDescribed = seen.join() === original.join() && german('häuser') === 'haus'
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.mjs
