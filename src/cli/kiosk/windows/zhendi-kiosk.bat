@echo off
rem 屏幕“@NAME@”：全屏放映；退出了，五秒以后再打开。放进“启动”文件夹，开机就运行。
chcp 65001 >nul
set "PAGE=@WINDOWS_PAGE@"
set "BROWSER=%ProgramFiles%\Google\Chrome\Application\chrome.exe"
if not exist "%BROWSER%" set "BROWSER=%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe"
if not exist "%BROWSER%" set "BROWSER=%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe"
:again
start "" /wait "%BROWSER%" --kiosk --start-fullscreen --user-data-dir="%LOCALAPPDATA%\zhendi-kiosk" --no-first-run --no-default-browser-check --noerrdialogs --disable-session-crashed-bubble --hide-crash-restore-bubble --autoplay-policy=no-user-gesture-required --disable-pinch --overscroll-history-navigation=0 --disable-features=Translate --disable-background-networking --edge-kiosk-type=fullscreen "%PAGE%"
timeout /t 5 /nobreak >nul
goto again
