/** A text with the words of a question marked. */
export function Marked({ text, question }: { text: string; question: string }) {
  const words = question.match(/[\p{L}\p{N}_]{2,}/gu) ?? []
  if (words.length === 0) return <>{text}</>
  const pattern = new RegExp(`(${[...new Set(words)].join('|')})`, 'giu')
  let at = 0
  return (
    <>
      {text.split(pattern).map((part, place) => {
        const key = at
        at += part.length
        return place % 2 === 1 ? <mark key={key}>{part}</mark> : part
      })}
    </>
  )
}
