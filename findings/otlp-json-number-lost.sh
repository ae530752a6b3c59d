#!/usr/bin/env bash
# @opentelemetry/otlp-transformer 0.301.1 with sdk-trace 3.1.1 (Node 22 or later by their packages, run on 20). Expected: a number in an
# attribute is sent as a number that a collector can read, in JSON as in protobuf.
# Seen: in JSON, NaN and Infinity are `doubleValue: null`, where protobuf's JSON has "NaN" and "Infinity"; and what has no fraction is an
# integer, however large: 1e21 is `intValue: 1e+21`, which no int64 holds, so a collector refuses the whole request.
# For a memory: one score that could not be computed, or one large count, and the traces of all calls beside it are lost.
# Here: the attributes of a span are names and small whole numbers (src/transports/http/tracing/open.ts).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @opentelemetry/otlp-transformer@0.301.1 @opentelemetry/sdk-trace@3.1.1 @opentelemetry/api@1.10.0
cat >try.js <<'JS'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'

const exporter = new InMemorySpanExporter()
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
const span = provider.getTracer('memory').startSpan('search')
span.setAttributes({ half: 0.5, none: Number.NaN, endless: Number.POSITIVE_INFINITY, large: 1e21 })
span.end()
const sent = JSON.parse(new TextDecoder().decode(JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans())))
const seen = Object.fromEntries(sent.resourceSpans[0].scopeSpans[0].spans[0].attributes.map(({ key, value }) => [key, value]))
console.log(JSON.stringify(seen))
const expected = { half: { doubleValue: 0.5 }, none: { doubleValue: null }, endless: { doubleValue: null }, large: { intValue: 1e21 } }
const isAsDescribed = JSON.stringify(seen) === JSON.stringify(expected)
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
