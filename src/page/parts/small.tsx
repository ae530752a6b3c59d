import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { agoText, clock, spanText } from '../state/clock.ts'

/** A part of a view with its heading. */
export function Panel({
  title,
  note,
  class: name = '',
  children,
}: {
  title: string
  note?: ComponentChildren
  class?: string
  children: ComponentChildren
}) {
  const id = `panel-${title.toLowerCase().replace(/\W+/g, '-')}`
  return (
    <section class={`panel ${name}`} aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span class="quiet">{note}</span>}
      </div>
      {children}
    </section>
  )
}

export function Problem({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <p class="problem" role="alert">
      {text}
    </p>
  )
}

/** A number that matters. */
export function Figure({ label, value, note = '' }: { label: string; value: string; note?: string }) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd>
        {value}
        {note !== '' && <small> {note}</small>}
      </dd>
    </div>
  )
}

/** How long ago, with the exact time under the pointer. */
export function Ago({ at }: { at: string }) {
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {agoText(at, clock.value)}
    </time>
  )
}

/** How long until then. */
export function Countdown({ until, ttlMs }: { until: string; ttlMs: number }) {
  const left = Date.parse(until) - clock.value
  const state = left <= 0 ? 'over' : left < ttlMs * 0.2 ? 'soon' : ''
  return <span class={`countdown ${state}`}>{left <= 0 ? 'ends now' : spanText(left)}</span>
}

export function TypeBadge({ type }: { type: string }) {
  return <span class={`badge ${type}`}>{type}</span>
}

export function Tags({ tags }: { tags: readonly string[] | undefined }) {
  if (!tags || tags.length === 0) return null
  return (
    <span class="tags">
      {tags.map((tag) => (
        <span key={tag} class="tag">
          {tag}
        </span>
      ))}
    </span>
  )
}

/** A line to be taken elsewhere. */
export function CopyLine({ label, text }: { label: string; text: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    )
    setTimeout(() => setCopied(false), 2_000)
  }
  return (
    <div class="copy-line">
      <span class="label">{label}</span>
      <code>{text}</code>
      <button type="button" onClick={copy} aria-label={`Copy the line for ${label}`}>
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </div>
  )
}

/** A path by its end, which distinguishes files; the whole path under the pointer. */
export function Path({ path }: { path: string }) {
  const parts = path.split('/')
  const folder = parts.slice(0, -1).join('/')
  return (
    <span class="path" title={path}>
      <span class="folder">{folder === '' ? '' : `${folder}/`}</span>
      <span class="file">{parts.at(-1)}</span>
    </span>
  )
}
