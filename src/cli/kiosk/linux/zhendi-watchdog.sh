#!/bin/sh
# 每分钟看一次：浏览器答不答话，开着的是不是放映的页面。连续三次不对，就把它关掉，由外面的循环重新打开。
set -u
page='@PAGE@'
state=${ZHENDI_STATE:-/run/zhendi-watchdog}
times=$(cat "$state" 2> /dev/null || echo 0)
if curl -fsS -m 10 "http://127.0.0.1:${ZHENDI_PORT:-9229}/json/list" 2> /dev/null | grep -qF "\"$page"; then
  echo 0 > "$state"
  exit 0
fi
times=$((times + 1))
if [ "$times" -lt 3 ]; then
  echo "$times" > "$state"
  exit 0
fi
echo 0 > "$state"
echo '浏览器三次没有答话，重新打开。' >&2
pkill -KILL -f -- "--remote-debugging-port=${ZHENDI_PORT:-9229}" || true
