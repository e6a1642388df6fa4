#!/bin/sh
# 屏幕“@NAME@”：全屏打开放映的页面。退出了，由 systemd 或者下面的循环再打开。
# 浏览器不在常见的位置时，在 CHROMIUM 里写它的路径。
set -u
page='@PAGE@'
rotate='@ROTATE@'
profile=${ZHENDI_PROFILE:-$HOME/.zhendi-kiosk}

browser=
for one in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
  if [ -n "$one" ] && command -v "$one" > /dev/null 2>&1; then
    browser=$one
    break
  fi
done
if [ -z "$browser" ]; then
  echo '没有找到浏览器：请安装 chromium，或者在 CHROMIUM 里写它的路径。' >&2
  exit 1
fi

# 屏幕不许自己变黑；竖着挂的，把画面转过来。
if command -v xset > /dev/null 2>&1; then xset s off -dpms s noblank || true; fi
if [ -n "$rotate" ] && command -v xrandr > /dev/null 2>&1; then
  panel=$(xrandr | sed -n 's/^\([^ ]*\) connected.*/\1/p' | head -n 1)
  [ -z "$panel" ] || xrandr --output "$panel" --rotate "$rotate" || true
fi

mkdir -p "$profile"
# 上次是断电关掉的，浏览器会问要不要恢复：不问。
preferences=$profile/Default/Preferences
if [ -f "$preferences" ]; then
  sed -i 's/"exit_type":"[^"]*"/"exit_type":"Normal"/; s/"exited_cleanly":false/"exited_cleanly":true/' "$preferences" || true
fi

while :; do
  "$browser" \
    --kiosk --start-fullscreen --user-data-dir="$profile" \
    --no-first-run --no-default-browser-check --noerrdialogs --disable-infobars \
    --disable-session-crashed-bubble --hide-crash-restore-bubble \
    --autoplay-policy=no-user-gesture-required \
    --disable-pinch --overscroll-history-navigation=0 --disable-features=Translate,OverscrollHistoryNavigation \
    --disable-component-update --disable-background-networking --check-for-update-interval=31536000 \
    --password-store=basic --remote-debugging-address=127.0.0.1 --remote-debugging-port="${ZHENDI_PORT:-9229}" \
    ${CHROMIUM_FLAGS:-} "$page"
  sleep 5
done
