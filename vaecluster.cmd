@echo off
rem Runs VaeCluster from a clone: the command line, or with `silo` as the first word a silo of a cluster. Builds it on first use and whenever a
rem source has changed. Each build has its own folder under .build\cli or .build\silo, so a run in progress keeps the files it started with.
setlocal
set "root=%~dp0"
set "build=%root%.build"
set "cli="
set "part=cli"
set "project=VaeCluster.Cli"
set "program=vaecluster.dll"
set "words=%*"
if /i "%~1"=="silo" (
  set "part=silo"
  set "project=VaeCluster.Silo"
  set "program=vaecluster-silo.dll"
  set "VAECLUSTER_COMMAND=%~n0 silo"
)
rem Only the word itself is removed; the rest of the line stays as it is.
if "%part%"=="silo" for /f "tokens=1,*" %%a in ("%words%") do set "words=%%b"

where dotnet >nul 2>nul
if errorlevel 1 (
  echo vaecluster: the .NET SDK 10 is needed and no dotnet was found; install it from https://dot.net >&2
  exit /b 1
)

set "list=%TEMP%\vaecluster-%RANDOM%%RANDOM%.txt"
(
  for /r "%root%src" %%f in (*) do @echo %%~tzf %%f
  for %%f in ("%root%Directory.Build.props" "%root%Directory.Packages.props" "%root%global.json") do @echo %%~tzf %%f
) | findstr /v /i /c:"\\bin\\" /c:"\\obj\\" > "%list%"

call :current
if defined cli goto run
if not exist "%build%\%part%" md "%build%\%part%"

rem One build at a time: a file that a process writes to opens for no other, and is free again when that process ends.
:wait
set "outcome="
2>nul ( 9>"%build%\lock" call :locked )
if not defined outcome (
  ping -n 2 127.0.0.1 >nul
  goto wait
)
if not "%outcome%"=="built" (
  del "%list%" 2>nul
  exit /b 1
)

:run
del "%list%" 2>nul
dotnet "%build%\%part%\%cli%\%program%" %words%
exit /b %errorlevel%

rem The folder of the build of these very sources, if there is one.
:current
set "cli="
if not exist "%build%\%part%\sources.txt" exit /b 0
fc /b "%list%" "%build%\%part%\sources.txt" >nul 2>nul
if errorlevel 1 exit /b 0
set /p cli=<"%build%\%part%\current.txt"
exit /b 0

rem Under the lock. Error output was closed for the lock's own message, so messages go to the console.
:locked
call :current
if defined cli (
  set "outcome=built"
  exit /b 0
)
set "outcome=failed"
set "version="
for /f %%v in ('cd /d "%root%" ^&^& dotnet --version') do set "version=%%v"
if not "%version:~0,3%"=="10." (
  echo vaecluster: the .NET SDK 10 is needed, found: %version%; install it from https://dot.net >con
  exit /b 1
)
echo building VaeCluster (first use, up to a minute)... >con
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
set MSBUILDDISABLENODEREUSE=1
pushd "%root%"
rem Always built in the same place, since the compiler takes another place for other inputs and would begin anew; then moved to its own.
rem Packages come as hard links out of the package cache. Style is for test.sh to judge.
if exist "%build%\next" rd /s /q "%build%\next"
if exist "%build%\artifacts\bin" rd /s /q "%build%\artifacts\bin"
dotnet build src\%project% -c Release --artifacts-path .build\artifacts "-p:OutDir=%build%\next\\" -nodeReuse:false -p:UseSharedCompilation=false -p:UseAppHost=false -p:RunAnalyzers=false -p:CreateHardLinksForCopyLocalIfPossible=true -v quiet > "%build%\build.log" 2>&1
set "code=%errorlevel%"
popd
if not "%code%"=="0" (
  findstr /c:": error " "%build%\build.log" >con
  echo vaecluster: the build failed; all of its output is in %build%\build.log >con
  exit /b 1
)
set "cli=build-%RANDOM%%RANDOM%"
move "%build%\next" "%build%\%part%\%cli%" >nul || exit /b 1
rem A folder from which something runs cannot be renamed, so it stays.
for /d %%d in ("%build%\%part%\build-*") do if /i not "%%~nxd"=="%cli%" ren "%%d" "old-%%~nxd" 2>nul && rd /s /q "%build%\%part%\old-%%~nxd"
> "%build%\%part%\current.txt" echo %cli%
copy /y "%list%" "%build%\%part%\sources.txt" >nul
set "outcome=built"
exit /b 0
