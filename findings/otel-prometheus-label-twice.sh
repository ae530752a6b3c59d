#!/usr/bin/env bash
# @opentelemetry/exporter-prometheus 0.301.0 with sdk-metrics 3.1.1 (Node 22 or later by their packages, run on 20). Expected: attributes
# whose names become one are joined with ";", as the specification of OpenTelemetry says for Prometheus.
# Seen: "agent.id" and "agent_id" are both written as the label agent_id of one line, and an attribute "le" of a histogram beside its own
# `le`. Prometheus takes no label twice and drops the whole answer, with every other metric in it.
# For a memory: one attribute from a caller's own names, and the server has no metrics any more.
# Here: not used; src/transports/http/metrics.ts has prom-client with fixed names of labels.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"type":"module","private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @opentelemetry/exporter-prometheus@0.301.0 @opentelemetry/sdk-metrics@3.1.1 @opentelemetry/api@1.10.0
cat >try.js <<'JS'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'

const exporter = new PrometheusExporter({ preventServerStart: true })
const meter = new MeterProvider({ readers: [exporter] }).getMeter('memory')
meter.createCounter('calls').add(1, { 'agent.id': 'a', agent_id: 'b' })
meter.createHistogram('duration', { advice: { explicitBucketBoundaries: [5] } }).record(1, { le: 'legacy' })
const { resourceMetrics } = await exporter.collect()
const lines = new PrometheusSerializer().serialize(resourceMetrics).split('\n')
const twice = lines.filter((line) => {
  const names = [...line.matchAll(/[{,](\w+)="/g)].map(([, name]) => name)
  return !line.startsWith('#') && new Set(names).size < names.length
})
for (const line of twice) console.log(line)
const isAsDescribed = /agent_id="a",agent_id="b"/.test(twice[0]) && twice.slice(1).every((line) => /le="legacy".*le="/.test(line)) && twice.length === 3
console.log(isAsDescribed ? 'as described' : 'CHANGED')
process.exit(isAsDescribed ? 0 : 1)
JS
node try.js
