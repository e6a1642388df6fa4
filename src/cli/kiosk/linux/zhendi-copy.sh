#!/bin/sh
# 把新的一版复制到本机。哪一版在放映由 version.js 说了算，所以它最后单独复制；复制到一半断了，原来的照放。
# 用法：zhendi-copy.sh [来源]    来源是屏幕的文件夹：rsync 地址、挂上的共享盘、U 盘，例如 /media/u/public/@ID@
set -eu
from=${1:-'@FROM@'}
to=${ZHENDI_TO:-'@FOLDER@'}
if [ -z "$from" ]; then
  echo '没有写来源：zhendi-copy.sh /media/u/public/@ID@' >&2
  exit 2
fi
from=${from%/}
mkdir -p "$to/v"
rsync -t "$from/version.js" "$to/.version.next"
rsync -rt "$from/v/" "$to/v/"
now=$(sed -n 's/.*"now":"\([0-9A-Za-z_-]*\)".*/\1/p' "$to/.version.next")
if [ -z "$now" ] || [ ! -s "$to/v/$now/list.js" ]; then
  echo '来源正在更新，这一次没有复制全；过几分钟会再试。' >&2
  exit 1
fi
rsync -t "$from/index.html" "$to/"
rsync -t "$from/start.js" "$to/"
sync
mv "$to/.version.next" "$to/version.js"
# 换好以后，才删去来源已经没有的版本。
rsync -rt --delete "$from/v/" "$to/v/"
