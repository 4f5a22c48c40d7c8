@echo off
rem Opens the desk. It looks for a Python that fits, and runs start.py with it.
setlocal DisableDelayedExpansion
title The desk
pushd "%~dp0"
for %%v in (PYTHONS) do (
  py -%%v -c "" >nul 2>nul
  if not errorlevel 1 (
    py -%%v start.py %*
    goto ended
  )
)
python -c "" >nul 2>nul
if not errorlevel 1 (
  python start.py %*
  goto ended
)
echo There is no Python on this computer. Get Python 3.12 (Windows installer, 64-bit) from python.org, install it, and click here again.
pause
popd
exit /b 1
:ended
set result=%errorlevel%
if not %result%==0 pause
popd
exit /b %result%
