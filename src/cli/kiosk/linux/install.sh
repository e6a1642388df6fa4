#!/bin/sh
# 在做屏幕的机器上运行一次（Debian、统信 UOS）：sudo sh install.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ "$(id -u)" = 0 ] || { echo '要用管理员身份：sudo sh install.sh' >&2; exit 1; }

packages='rsync curl procps x11-xserver-utils'
desktop=no
if systemctl is-active --quiet display-manager.service; then desktop=yes; else packages="$packages xserver-xorg xinit fonts-noto-cjk"; fi
command -v chromium > /dev/null || command -v google-chrome > /dev/null || packages="$packages chromium"
# shellcheck disable=SC2086 # 几个词
apt-get install -y --no-install-recommends $packages || echo '有的软件没有装上；机器不联网的，请先用光盘或者 U 盘装好。' >&2

id kiosk > /dev/null 2>&1 || useradd --create-home --shell /bin/sh --groups video,audio,input,tty kiosk
install -d -o kiosk '@FOLDER@'
install -d /usr/local/lib/zhendi
install -m 755 "$here"/zhendi-kiosk.sh "$here"/zhendi-watchdog.sh "$here"/zhendi-copy.sh /usr/local/lib/zhendi/
for folder in /etc/chromium/policies/managed /etc/opt/chrome/policies/managed; do
  install -D -m 644 "$here/policy.json" "$folder/zhendi-kiosk.json"
done
install -D -m 644 "$here/hardware-watchdog.conf" /etc/systemd/system.conf.d/zhendi-watchdog.conf
install -m 644 "$here"/zhendi-watchdog.service "$here"/zhendi-watchdog.timer "$here"/zhendi-copy.service "$here"/zhendi-copy.timer /etc/systemd/system/
if [ "$desktop" = yes ]; then
  install -D -m 644 "$here/zhendi-kiosk.desktop" /etc/xdg/autostart/zhendi-kiosk.desktop
  echo '这台机器有桌面：请在系统设置里给 kiosk 账户打开自动登录，关掉锁屏、休眠和屏幕保护。'
else
  install -m 644 "$here/zhendi-kiosk.service" /etc/systemd/system/
  systemctl enable zhendi-kiosk.service
fi
systemctl daemon-reload
systemctl enable zhendi-watchdog.timer
@COPYING@
echo '装好了。重新启动这台机器，就开始放映。'
