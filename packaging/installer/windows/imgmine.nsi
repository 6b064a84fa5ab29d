; The installer of Windows: for one person without questions of rights, or for everybody; silent with /S, into a folder
; with /D=..., for everybody with /ALLUSERS. An older version in the same place is replaced; projects are never touched.
;
; Given by nsis.py: VERSION, PAYLOAD (a folder), ICONS (a folder), TARGET (the file to make), SIZE (KB), LICENCE; and
; CPU where the installer itself is to be of 64 bits, which Debian's NSIS can make.

Unicode true
!ifdef CPU
  Target ${CPU}
!endif
SetCompressor /SOLID lzma
ManifestDPIAware true
!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh

Name "ImgMine"
OutFile "${TARGET}"
RequestExecutionLevel user
BrandingText "ImgMine ${VERSION}"

!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\ImgMine"
!define CLASSES "Software\Classes"
!define MUI_ICON "${ICONS}/imgmine.ico"
!define MUI_UNICON "${ICONS}/imgmine.ico"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\imgmine-window.exe"
!define MUI_LANGDLL_ALLLANGUAGES

!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

LangString Running ${LANG_ENGLISH} "ImgMine is running. Close it, then press Retry."
LangString Running ${LANG_SIMPCHINESE} "ImgMine 正在运行。请将其关闭，然后按“重试”。"
LangString OpenFolder ${LANG_ENGLISH} "Open with ImgMine"
LangString OpenFolder ${LANG_SIMPCHINESE} "用 ImgMine 打开"
LangString Project ${LANG_ENGLISH} "ImgMine project"
LangString Project ${LANG_SIMPCHINESE} "ImgMine 项目"
LangString Model ${LANG_ENGLISH} "ImgMine model"
LangString Model ${LANG_SIMPCHINESE} "ImgMine 模型"

VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "ImgMine"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installs ImgMine"
VIAddVersionKey LegalCopyright "Apache License 2.0"

Var Everybody

!macro ChooseScope
  SetRegView 64
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/ALLUSERS" $R1
  ${IfNot} ${Errors}
    StrCpy $Everybody 1
    SetShellVarContext all
  ${Else}
    StrCpy $Everybody 0
    SetShellVarContext current
  ${EndIf}
!macroend

; A program that runs cannot be replaced: its file cannot be opened for writing.
!macro WaitForClosed
  ${Do}
    ${IfNot} ${FileExists} "$INSTDIR\imgmine-window.exe"
      ${ExitDo}
    ${EndIf}
    ClearErrors
    FileOpen $R2 "$INSTDIR\imgmine-window.exe" a
    ${IfNot} ${Errors}
      FileClose $R2
      ${ExitDo}
    ${EndIf}
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(Running)" /SD IDCANCEL IDRETRY +3
    SetErrorLevel 2
    Quit
  ${Loop}
!macroend

Function .onInit
  !insertmacro ChooseScope
  ${If} $INSTDIR == ""
    ReadRegStr $INSTDIR SHCTX "${UNINSTALL}" "InstallLocation"
  ${EndIf}
  ${If} $INSTDIR == ""
    ${If} $Everybody == 1
      StrCpy $INSTDIR "$PROGRAMFILES64\ImgMine"
    ${Else}
      StrCpy $INSTDIR "$LOCALAPPDATA\Programs\ImgMine"
    ${EndIf}
  ${EndIf}
  ${IfNot} ${Silent}
    !insertmacro MUI_LANGDLL_DISPLAY
  ${EndIf}
FunctionEnd

Section
  !insertmacro WaitForClosed
  ; What an older version left must not stand beside the new one. Only what an installer of ours put there goes.
  ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    RMDir /r "$INSTDIR\_internal"
  ${EndIf}
  SetOutPath "$INSTDIR"
  File /r "${PAYLOAD}/*"
  File "${ICONS}/imgmine.ico"
  File "${ICONS}/project.ico"
  File "${ICONS}/model.ico"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortcut "$SMPROGRAMS\ImgMine.lnk" "$INSTDIR\imgmine-window.exe" "" "$INSTDIR\imgmine.ico"
  CreateShortcut "$DESKTOP\ImgMine.lnk" "$INSTDIR\imgmine-window.exe" "" "$INSTDIR\imgmine.ico"

  WriteRegStr SHCTX "${CLASSES}\.imgmodel" "" "ImgMine.Model"
  WriteRegStr SHCTX "${CLASSES}\ImgMine.Model" "" "$(Model)"
  WriteRegStr SHCTX "${CLASSES}\ImgMine.Model\DefaultIcon" "" "$INSTDIR\model.ico"
  WriteRegStr SHCTX "${CLASSES}\ImgMine.Model\shell\open\command" "" '"$INSTDIR\imgmine-window.exe" "%1"'
  WriteRegStr SHCTX "${CLASSES}\.imgmine" "" "ImgMine.Project"
  WriteRegStr SHCTX "${CLASSES}\ImgMine.Project" "" "$(Project)"
  WriteRegStr SHCTX "${CLASSES}\ImgMine.Project\DefaultIcon" "" "$INSTDIR\project.ico"
  WriteRegStr SHCTX "${CLASSES}\ImgMine.Project\shell\open\command" "" '"$INSTDIR\imgmine-window.exe" "%1"'
  ; A project is a folder, which Windows knows no type of by its name: it gets an entry in the menu of such folders.
  WriteRegStr SHCTX "${CLASSES}\Directory\shell\ImgMine" "" "$(OpenFolder)"
  WriteRegStr SHCTX "${CLASSES}\Directory\shell\ImgMine" "Icon" "$INSTDIR\imgmine.ico"
  WriteRegStr SHCTX "${CLASSES}\Directory\shell\ImgMine" "AppliesTo" 'System.FileName:"*.imgmine"'
  WriteRegStr SHCTX "${CLASSES}\Directory\shell\ImgMine\command" "" '"$INSTDIR\imgmine-window.exe" "%1"'

  WriteRegStr SHCTX "${UNINSTALL}" "DisplayName" "ImgMine"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL}" "DisplayIcon" "$INSTDIR\imgmine.ico"
  WriteRegStr SHCTX "${UNINSTALL}" "Publisher" "The ImgMine developers"
  WriteRegStr SHCTX "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  ${If} $Everybody == 1
    StrCpy $R3 " /ALLUSERS"
  ${Else}
    StrCpy $R3 ""
  ${EndIf}
  WriteRegStr SHCTX "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"$R3'
  WriteRegStr SHCTX "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe"$R3 /S'
  WriteRegDWORD SHCTX "${UNINSTALL}" "EstimatedSize" ${SIZE}
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL}" "NoRepair" 1
  ${RefreshShellIcons}
SectionEnd

Function un.onInit
  !insertmacro ChooseScope
FunctionEnd

Section "Uninstall"
  !insertmacro WaitForClosed
  ; By name, and never the whole folder: a person may have chosen one that holds other things.
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\imgmine.exe"
  Delete "$INSTDIR\imgmine-window.exe"
  Delete "$INSTDIR\*.ico"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\ImgMine.lnk"
  Delete "$DESKTOP\ImgMine.lnk"
  DeleteRegKey SHCTX "${CLASSES}\.imgmodel"
  DeleteRegKey SHCTX "${CLASSES}\.imgmine"
  DeleteRegKey SHCTX "${CLASSES}\ImgMine.Model"
  DeleteRegKey SHCTX "${CLASSES}\ImgMine.Project"
  DeleteRegKey SHCTX "${CLASSES}\Directory\shell\ImgMine"
  DeleteRegKey SHCTX "${UNINSTALL}"
  ${RefreshShellIcons}
SectionEnd
