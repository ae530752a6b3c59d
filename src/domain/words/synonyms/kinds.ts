/** Kinds and the names of what is one of them: either finds the other, a name never another name. */
export const KINDS = `
database db datastore dbms: postgresql postgres mysql mariadb sqlite mongodb cockroachdb dynamodb oracle sqlserver cassandra firestore supabase neon planetscale
warehouse dwh: bigquery snowflake redshift clickhouse databricks duckdb
cache: redis memcached valkey dragonfly varnish keydb
queue broker job worker async background: rabbitmq kafka sqs nats celery sidekiq bull bullmq pgboss pubsub temporal resque
orchestrate scheduler pipeline: airflow dagster prefect luigi argo kestra temporal
secret credential vault: vault doppler sops 1password infisical keyvault secretmanager sealedsecret dotenv hsm
search fulltext: elasticsearch opensearch meilisearch typesense algolia solr lucene
cloud hosting provider: aws gcp azure hetzner digitalocean heroku ovh vercel netlify cloudflare fly
storage bucket blob: s3 r2 minio gcs ceph bucket
deploy: argocd flux spinnaker helm ansible capistrano kamal
ci pipeline: jenkins github gitlab circleci buildkite travis drone tekton
infrastructure infra iac: terraform pulumi ansible cloudformation opentofu chef puppet
monitoring observability metric dashboard alert: prometheus grafana datadog sentry newrelic loki jaeger opentelemetry honeycomb
framework: react vue svelte angular next nextjs nuxt remix django flask fastapi rails laravel express nestjs spring
css style styling: tailwind sass bootstrap styled vanilla
test: jest vitest playwright cypress pytest junit mocha selenium twister
lint: eslint biome prettier ruff pylint clippy pyright mypy flake8 cppcheck misra
python: uv poetry pip conda pdm venv pyenv
package: npm pnpm yarn pip cargo maven gradle
auth authentication login sso: auth0 okta keycloak authentik clerk cognito supabase jwt oauth saml
payment billing: stripe adyen paypal mollie braintree
mail email: sendgrid mailgun postmark mailpit ses smtp mailhog
rtos: zephyr freertos threadx nuttx riot vxworks
linux distribution distro os: fedora ubuntu debian arch nixos alpine
editor ide: vscode zed helix neovim vim emacs intellij
model algorithm learning: lightgbm xgboost catboost prophet arima transformer lstm bert
map cartography: openstreetmap mapbox maplibre leaflet protomaps google
container: docker podman containerd kubernetes
proxy: nginx caddy traefik envoy haproxy
vcs: git mercurial svn
flag: launchdarkly unleash growthbook flagsmith posthog
orm: prisma drizzle typeorm sequelize hibernate sqlalchemy kysely
language: typescript javascript python rust golang java kotlin swift ruby
radio: lora lorawan bluetooth zigbee wifi thread nbiot`
