@echo off
rem 把新的一版复制到本机：zhendi-copy.bat 来源。version.js 最后单独复制；复制到一半断了，原来的照放。
chcp 65001 >nul
set "FROM=%~1"
if "%FROM%"=="" set "FROM=@WINDOWS_FROM@"
set "TO=@WINDOWS_FOLDER@"
if "%FROM%"=="" (
  echo 没有写来源，例如：zhendi-copy.bat E:\public\@WINDOWS_ID@
  exit /b 2
)
if not exist "%TO%\v" mkdir "%TO%\v"
copy /y "%FROM%\version.js" "%TO%\.version.next" >nul || exit /b 1
robocopy "%FROM%\v" "%TO%\v" /E /NP /NFL /NDL /R:2 /W:2 >nul
if errorlevel 8 exit /b 1
set "NOW="
for /f usebackq^ tokens^=4^ delims^=^" %%a in ("%TO%\.version.next") do set "NOW=%%a"
if not exist "%TO%\v\%NOW%\list.js" (
  echo 来源正在更新，这一次没有复制全；过几分钟再试。
  exit /b 1
)
copy /y "%FROM%\index.html" "%TO%\" >nul
copy /y "%FROM%\start.js" "%TO%\" >nul
move /y "%TO%\.version.next" "%TO%\version.js" >nul
robocopy "%FROM%\v" "%TO%\v" /MIR /NP /NFL /NDL /R:2 /W:2 >nul
