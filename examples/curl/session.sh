#!/usr/bin/env bash
# A session with curl: health, models, an answer whole, the same as a stream, and a mistake.
set -euo pipefail

base=${OPENAI_BASE_URL:-http://localhost:8000}

show() {
  printf '\n$ curl %s\n' "$*"
  curl --silent --show-error --no-buffer --max-time 30 "$@"
  printf '\n'
}

ask() {
  show "$base/v1/chat/completions" --header 'content-type: application/json' --data "$1"
}

show "$base/healthz"
show "$base/v1/models"
ask '{"model": "echo", "messages": [{"role": "user", "content": "Say this is a test"}]}'
ask '{"model": "echo", "messages": [{"role": "user", "content": "Say this is a test"}], "stream": true, "stream_options": {"include_usage": true}}'
ask '{"model": "echo", "messages": [{"role": "user", "content": "Say this is a test"}], "temperature": 3}'
