declare module 'wink-porter2-stemmer' {
  /** Snowball's English stemmer. */
  export default function stem(word: string): string
}
