/**
 * The forms of keys and tokens that issuers document, by what the set of rules lacks, or knows only in the length of today. What
 * follows a prefix is checked for being a placeholder. Each is anchored by its first letters, so a text is gone through once.
 */
const FORMS: Readonly<Record<string, string>> = {
  'AWS access key': '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])|ABSK[\\w+/]{100,}',
  'GitHub token': 'gh[pousr]_\\w{20,}|github_pat_\\w{20,}',
  'GitLab token':
    'gl(?:pat|ptt|dt|rt|rtr|cbt|soat|ft|agent|oas|imt|ffct|wt)-[\\w.-]{16,}|GR1348941[\\w-]{16,}',
  'Slack token': 'xox[a-z](?:[.-][\\w.%-]{10,})|xapp-\\d-[\\w-]{10,}',
  'Stripe key': '(?:sk|rk)_(?:live|test|prod)_\\w{10,}|whsec_[\\w+/]{20,}',
  'npm token': 'npm_[A-Za-z0-9]{30,}',
  'PyPI token': 'pypi-AgE[\\w-]{16,}',
  'RubyGems key': 'rubygems_[a-f0-9]{32,}',
  'crates.io token': 'cio[A-Za-z0-9]{32}(?!\\w)',
  'NuGet key': 'oy2[a-z0-9]{43}(?!\\w)',
  'Clojars token': 'CLOJARS_[a-z0-9]{40,}',
  'OpenAI key': 'sk-(?:(?:proj|svcacct|admin|None)-[\\w-]{20,}|[A-Za-z0-9]{20,})',
  'Anthropic key': 'sk-ant-[\\w-]{20,}',
  'API key':
    'sk-(?:or-v1|lf)-[\\w-]{20,}|csk-[a-z0-9]{40,}|sk_[a-f0-9]{40,}|nvapi-[\\w-]{40,}|fw_[A-Za-z0-9]{20,}',
  'Google key': 'AIza[\\w-]{30,}|GOCSPX-[\\w-]{20,}|ya29\\.[\\w-]{20,}|1//0[\\w-]{40,}',
  'Hugging Face token': 'hf_[A-Za-z0-9]{30,}|api_org_[A-Za-z0-9]{30,}',
  'xAI key': 'xai-\\w{40,}',
  'Groq key': 'gsk_\\w{40,}',
  'Perplexity key': 'pplx-\\w{30,}',
  'Replicate token': 'r8_\\w{30,}',
  'Together key': 'tgp_v1_[\\w-]{30,}',
  'LangSmith key': 'lsv2_(?:pt|sk)_[a-f0-9]{30,}_[a-f0-9]{8,}',
  'Pinecone key': 'pcsk_\\w{30,}',
  'Tavily key': 'tvly-[\\w-]{24,}',
  'Firecrawl key': 'fc-[a-f0-9]{32}(?!\\w)',
  'SendGrid key': 'SG\\.[\\w-]{16,}\\.[\\w-]{16,}',
  'Twilio key': 'SK[a-f0-9]{32}(?!\\w)',
  'Mailgun key': 'key-[a-f0-9]{32}(?!\\w)',
  'Mailchimp key': '[a-f0-9]{32}-us\\d{1,2}(?!\\w)',
  'Brevo key': 'xkeysib-[a-f0-9]{40,}-\\w{8,}',
  'Voyage key': 'pa-[\\w-]{43}(?![\\w-])',
  'Resend key': 're_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}',
  'Shopify token': 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}',
  'Square token': 'sq0[a-z]{3}-[\\w-]{22,}|EAAA[\\w-]{56,}',
  'PayPal token': 'access_token\\$production\\$\\w{16}\\$[a-f0-9]{32}',
  'DigitalOcean token': 'do[opr]_v1_[a-f0-9]{40,}',
  'Heroku key': 'HRKU-[\\w-]{36,}',
  'Netlify token': 'nf[a-z]_\\w{30,}',
  'Fly.io token': 'fm\\d[ar]?_[\\w+/=-]{60,}',
  'Supabase key': 'sbp_[a-f0-9]{40}|sb_secret_[\\w-]{20,}',
  'PlanetScale token': 'pscale_(?:tkn|pw|oauth)_[\\w.-]{30,}',
  'Neon key': 'napi_\\w{40,}',
  'Render key': 'rnd_[A-Za-z0-9]{24,}',
  'Vercel token': 'vc[a-z]_[A-Za-z0-9]{40,}',
  'Linear key': 'lin_(?:api|oauth)_\\w{30,}',
  'Notion token': 'ntn_\\w{40,}|secret_[A-Za-z0-9]{43}(?!\\w)',
  'Airtable token': 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}',
  'Asana token': '[0-2]/\\d{14,17}:[a-f0-9]{32}',
  'Atlassian token': 'AT[A-Z]TT3[\\w=-]{40,}',
  'Postman key': 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}',
  'Doppler token': 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[\\w.-]{40,}',
  'Pulumi token': 'pul-[a-f0-9]{40}',
  'Terraform token': '\\w{14}\\.atlasv1\\.[\\w=-]{40,}',
  'Vault token': 'hv[sbr]\\.[\\w-]{20,}',
  'Sentry token': 'sntry[su]_[\\w+/=]{40,}',
  'New Relic key': 'NR(?:AK|II|JS|RA)-\\w{19,}',
  'PostHog key': 'phx_\\w{40,}',
  'Dynatrace token': 'dt0[a-z]\\d\\d\\.\\w{20,}\\.\\w{60,}',
  'Artifactory key': 'AKCp\\w{60,}',
  'LaunchDarkly key': '(?:sdk|api)-[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}',
  'Docker token': 'dckr_(?:pat|oat)_[\\w-]{20,}',
  '1Password key': 'ops_eyJ[\\w+/=-]{100,}|A3-[A-Z0-9]{6}-[A-Z0-9]{11}-(?:[A-Z0-9]{5}-){2}[A-Z0-9]{5}',
  'Telegram token': '(?:bot)?\\d{8,10}:AA[\\w-]{32,34}(?!\\w)',
  'Discord token': '[MNO][\\w-]{23,28}\\.[\\w-]{6}\\.[\\w-]{27,38}(?![\\w-])',
  'Alibaba key': 'LTAI[a-zA-Z0-9]{20}(?!\\w)',
  'AWS Bedrock key': 'bedrock-api-key-[\\w+/=-]{20,}',
  'ClickHouse key': '4b1d[A-Za-z0-9]{38}(?!\\w)',
  'Cloudflare key': 'v1\\.0-[a-f0-9]{24}-[a-f0-9]{100,}',
  'EasyPost key': 'EZ[AT]K\\w{54}',
  'Facebook token': 'EAA[MC][A-Za-z0-9]{60,}',
  'Flutterwave key': 'FLWSECK_(?:TEST|LIVE)-[a-f0-9]{12,}',
  'Grafana key': 'eyJrIjoi[\\w+/=-]{60,}|gl(?:c|sa)_[\\w+/=]{30,}',
  'Octopus key': 'API-[A-Z0-9]{26}(?!\\w)',
  'OpenShift token': 'sha256~[\\w-]{43}',
  'Prefect key': 'pn[bu]_[A-Za-z0-9]{30,}',
  'ReadMe key': 'rdme_\\w{40,}',
  'Sourcegraph token': 'sgp_\\w{40,}',
  'Yandex key': 'AQVN[\\w-]{35,38}|t1\\.[\\w-]{20,}\\.[\\w-]{60,}',
  'Azure secret': '[\\w.~-]{3}\\dQ~[\\w.~-]{31,34}',
  'key of agent-memory': 'am_[\\w-]{43}(?![\\w-])',
  'age key': 'AGE-SECRET-KEY-1[A-Z0-9]{40,}',
}

/** All of them, each in a group of its own, in the order of the table. */
export const ISSUED = new RegExp(
  `(?<![A-Za-z0-9])(?:${Object.values(FORMS)
    .map((form) => `(${form})`)
    .join('|')})`,
  'g',
)

const KINDS = Object.keys(FORMS)

/** The issuer whose form the groups of a match show. */
export function issuerOf(groups: readonly (string | undefined)[]): string {
  return KINDS[groups.findIndex((group) => group !== undefined)] ?? 'token'
}
