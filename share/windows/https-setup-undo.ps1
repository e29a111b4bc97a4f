#requires -Version 4.0
#requires -RunAsAdministrator
<#
.SYNOPSIS
Takes back what https-setup-apply.ps1 did on Windows.

.DESCRIPTION
Reads https-setup-state.json, where each step was recorded with what was there
before, and takes them back, the last one first.  What somebody changed since
is left alone and named.  The files that https-setup changed are taken back by
https-setup rollback, not here.

.EXAMPLE
.\https-setup-undo.ps1 -WhatIf
Says what it would do, and does nothing.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param()

. (Join-Path $PSScriptRoot 'https-setup-common.ps1')
$script:Caller = $PSCmdlet

# Nothing is recorded any more: the file would only keep a new key from being
# written by the next apply.
function Remove-State {
	foreach ($path in @($script:StateFile, $script:PfxFile, $script:SecretFile)) {
		if ((Test-Path -LiteralPath $path) -and (Test-Step $path 'delete')) {
			Remove-Item -LiteralPath $path
		}
	}
}

$status = 1
Start-Log
try {
	Assert-Machine
	$script:State = Read-State
	Write-Host "https-setup: undoing $($script:State.steps.Count) steps"
	$failed = Undo-Steps 0
	if ($failed -eq 0) {
		Remove-State
		$status = 0
		if (-not $WhatIfPreference) {
			Write-Host 'https-setup: undone. Now: https-setup rollback, then start the services of the product again.'
		}
	} else {
		Write-Warning "$failed steps could not be taken back: put right what stands in the way, then run this again"
	}
} catch {
	Write-Warning $_.Exception.Message
} finally {
	Stop-Log
}
exit $status
