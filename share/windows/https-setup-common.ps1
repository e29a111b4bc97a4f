# What https-setup-apply.ps1 and https-setup-undo.ps1 share.  This text is the
# same on every server: what differs stands in https-setup.json beside it, is
# checked against an allow-list when it is read, and is only ever an argument.
# Nothing here builds a command from text.

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$script:DataFile = Join-Path $PSScriptRoot 'https-setup.json'
$script:StateFile = Join-Path $PSScriptRoot 'https-setup-state.json'
$script:LogFile = Join-Path $PSScriptRoot 'https-setup-log.txt'
$script:PfxFile = Join-Path $PSScriptRoot 'https-setup.pfx'
$script:SecretFile = Join-Path $PSScriptRoot 'https-setup.passphrase'
$script:System32 = Join-Path $env:SystemRoot 'System32'
$script:Protocols = 'SYSTEM\CurrentControlSet\Control\SecurityProviders' +
	'\SCHANNEL\Protocols'
$script:Ciphers = 'SYSTEM\CurrentControlSet\Control\SecurityProviders' +
	'\SCHANNEL\Ciphers'

$script:HexThumbprint = '\A[0-9A-F]{40}\z'
$script:HexDigest = '\A[0-9a-f]{64}\z'
$script:NumericAddress = '([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-fA-F:.]{2,45}\])'
$script:HostName = '[0-9a-z*]([0-9a-z_.-]{0,251}[0-9a-z])?'
$script:Readable = '\A[^\x00-\x1f\x7f-\x9f]{0,2000}\z'

# --- Saying what is done ---------------------------------------------------

function Write-Done {
	param([string] $Text)
	Write-Host "ok    $Text"
}

function Write-Note {
	param([string] $Text)
	Write-Host "note  $Text"
}

# What is said is kept beside the script, but for a dry run: that writes nothing.
function Start-Log {
	if (-not $WhatIfPreference) {
		$null = Start-Transcript -Path $script:LogFile -Append
	}
}

function Stop-Log {
	if (-not $WhatIfPreference) {
		$null = Stop-Transcript
	}
}

# Says what would be done, and whether it shall be: -WhatIf answers no.
function Test-Step {
	param([string] $Target, [string] $Action)
	return $script:Caller.ShouldProcess($Target, $Action)
}

# --- Reading data ----------------------------------------------------------

function Get-Field {
	param($From, [string] $Name)
	$property = $From.PSObject.Properties[$Name]
	if ($null -eq $property) {
		throw "'$Name' is missing in the data: nothing was done"
	}
	return , $property.Value
}

function Get-Text {
	param($From, [string] $Name, [string] $Pattern)
	$value = Get-Field $From $Name
	if ($value -isnot [string] -or $value -cnotmatch $Pattern) {
		throw "'$Name' is not as it must be in the data: nothing was done"
	}
	return $value
}

function Get-Number {
	param($From, [string] $Name, [long] $Least, [long] $Most)
	$value = Get-Field $From $Name
	if (($value -isnot [int] -and $value -isnot [long]) -or
		$value -lt $Least -or $value -gt $Most) {
		throw "'$Name' is no number that fits: nothing was done"
	}
	return [long] $value
}

function Get-List {
	param($From, [string] $Name)
	$value = Get-Field $From $Name
	if ($value -isnot [array] -or $value.Count -gt 1000) {
		throw "'$Name' is no list in the data: nothing was done"
	}
	return , $value
}

# A list of texts, each as the pattern wants it.
function Get-TextList {
	param($From, [string] $Name, [string] $Pattern)
	$list = Get-List $From $Name
	foreach ($item in $list) {
		if ($item -isnot [string] -or $item -cnotmatch $Pattern) {
			throw "an item of '$Name' is not as it must be: nothing was done"
		}
	}
	return , $list
}

function Get-PortList {
	param($From, [string] $Name)
	$list = Get-List $From $Name
	foreach ($item in $list) {
		if (($item -isnot [int] -and $item -isnot [long]) -or
			$item -lt 1 -or $item -gt 65535) {
			throw "an item of '$Name' is no port: nothing was done"
		}
	}
	return , $list
}

function Read-Json {
	param([string] $Path)
	if ((Get-Item -LiteralPath $Path).Length -gt 4194304) {
		throw "$Path is too large: nothing was done"
	}
	return ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Path))
}

# The key of a record of http.sys: its kind, its value, and the host name in it.
function Read-Key {
	param($From)
	$kind = Get-Text $From 'key' '\A(ipport|hostnameport)\z'
	$pattern = '\A' + $script:NumericAddress + ':[0-9]{1,5}\z'
	if ($kind -eq 'hostnameport') {
		$pattern = '\A' + $script:HostName + ':[0-9]{1,5}\z'
	}
	$key = @{ Kind = $kind; Value = Get-Text $From 'value' $pattern; HostName = '' }
	if ($kind -eq 'hostnameport') {
		$key.HostName = $key.Value.Split(':')[0]
	}
	return $key
}

function Read-Binding {
	param($From)
	$key = Read-Key $From
	$key.Address = Get-Text $From 'probe' ('\A' + $script:NumericAddress + '\z')
	$key.Port = Get-Number $From 'port' 1 65535
	return $key
}

function Read-File {
	param($From)
	return @{
		Path = Get-Text $From 'path' '\A[A-Za-z]:\\[^<>"|?*/\x00-\x1f]{1,240}\z'
		Digest = Get-Text $From 'sha256' $script:HexDigest
	}
}

# All of https-setup.json, checked, before anything is done.
function Read-Data {
	$json = Read-Json $script:DataFile
	$null = Get-Number $json 'schema' 1 1
	$certificate = Get-Field $json 'certificate'
	$firewall = Get-Field $json 'firewall'
	$site = Get-Field $json 'site'
	$data = @{
		Name = Get-Text $json 'name' '\A[0-9a-z_.:*-]{1,253}\z'
		SiteId = Get-Number $site 'id' 0 4294967295
		SiteName = Get-Text $site 'name' $script:Readable
		Thumbprint = Get-Text $certificate 'thumbprint' $script:HexThumbprint
		Chain = Get-TextList $certificate 'chain' '\A[0-9A-Za-z+/=]{4,60000}\z'
		Open = Get-PortList $firewall 'open'
		Close = Get-PortList $firewall 'close'
		Profile = Get-Text $json 'tls-profile' '\A(modern|intermediate|keep)\z'
		Services = Get-TextList $json 'services' '\A[0-9A-Za-z_. $-]{1,256}\z'
		Checklist = Get-TextList $json 'checklist' $script:Readable
		Bindings = @()
		Files = @()
		Digest = Get-Digest $script:DataFile
	}
	foreach ($item in (Get-List $json 'bindings')) {
		$data.Bindings += Read-Binding $item
	}
	foreach ($item in (Get-List $json 'files')) {
		$data.Files += Read-File $item
	}
	return $data
}

# --- What was done, so that it can be undone -------------------------------

# One step as it was recorded, checked like the data.
function Read-Step {
	param($From)
	$kind = Get-Text $From 'kind' '\A(certificate|authority|sslcert|firewall|registry|service)\z'
	$step = @{ kind = $kind }
	switch ($kind) {
		'certificate' {
			$step.thumbprint = Get-Text $From 'thumbprint' $script:HexThumbprint
		}
		'authority' {
			$step.thumbprint = Get-Text $From 'thumbprint' $script:HexThumbprint
		}
		'sslcert' {
			$key = Read-Key $From
			$step.key = $key.Kind
			$step.value = $key.Value
			$step.hash = Get-Text $From 'hash' $script:HexThumbprint
			$step.oldhash = Get-Text $From 'oldhash' '\A([0-9A-F]{40})?\z'
			$step.oldappid = Get-Text $From 'oldappid' '\A(\{[0-9a-f-]{36}\})?\z'
			$step.oldstore = Get-Text $From 'oldstore' '\A[0-9A-Za-z]{0,64}\z'
		}
		'firewall' {
			$step.name = Get-Text $From 'name' '\Ahttps-setup-(in|out|block)-[0-9]{1,5}\z'
		}
		'registry' {
			$step.path = Get-Text $From 'path' '\ASYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\[A-Za-z0-9 .\\/]{1,60}\z'
			$step.name = Get-Text $From 'name' '\A(Enabled|DisabledByDefault)\z'
			$step.value = Get-Number $From 'value' 0 1
			$step.old = Get-Number $From 'old' -2147483648 2147483648
		}
		'service' {
			$step.name = Get-Text $From 'name' '\A[0-9A-Za-z_. $-]{1,256}\z'
		}
	}
	return $step
}

function Read-State {
	$state = @{ finished = ''; steps = @() }
	if (-not (Test-Path -LiteralPath $script:StateFile)) {
		return $state
	}
	$json = Read-Json $script:StateFile
	$state.finished = Get-Text $json 'finished' '\A([0-9a-f]{64})?\z'
	foreach ($item in (Get-List $json 'steps')) {
		$state.steps += Read-Step $item
	}
	return $state
}

# Written beside and moved over, so that a power cut leaves the old or the new.
function Save-State {
	$text = ConvertTo-Json -InputObject $script:State -Depth 4
	$new = "$($script:StateFile).new"
	[IO.File]::WriteAllText($new, $text)
	if (Test-Path -LiteralPath $script:StateFile) {
		[IO.File]::Replace($new, $script:StateFile, [NullString]::Value)
	} else {
		[IO.File]::Move($new, $script:StateFile)
	}
}

# Recorded before it is done: a step that was cut off is undone as well.
function Add-Step {
	param([hashtable] $Step)
	$script:State.steps += $Step
	Save-State
}

# --- Looking ---------------------------------------------------------------

function Get-Digest {
	param([string] $Path)
	return (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant()
}

function Open-Store {
	param([string] $Name, [string] $Flags)
	$store = New-Object -TypeName Security.Cryptography.X509Certificates.X509Store -ArgumentList $Name, 'LocalMachine'
	$store.Open($Flags)
	return $store
}

# The certificate of the machine with that thumbprint, or nothing.
function Find-Certificate {
	param([string] $Store, [string] $Thumbprint)
	$open = Open-Store $Store 'ReadOnly'
	try {
		foreach ($found in $open.Certificates.Find('FindByThumbprint', $Thumbprint, $false)) {
			return $found
		}
	} finally {
		$open.Close()
	}
	return $null
}

function Invoke-Netsh {
	param([string[]] $Arguments)
	$said = & (Join-Path $script:System32 'netsh.exe') $Arguments
	if ($LASTEXITCODE -ne 0) {
		throw "netsh $Arguments failed: $said"
	}
}

# What http.sys has under that key.  netsh speaks the language of the machine,
# so the values are known by their form and not by their labels: the only
# forty digits, the only GUID, and the name of the store in the next line.
function Get-SslRecord {
	param([string] $Kind, [string] $Value)
	$record = @{ Hash = ''; AppId = ''; Store = ''; Text = @() }
	$lines = & (Join-Path $script:System32 'netsh.exe') @('http', 'show', 'sslcert', "$Kind=$Value")
	if ($LASTEXITCODE -ne 0) {
		return $record
	}
	$record.Text = $lines
	$store = $false
	foreach ($line in $lines) {
		if ($store) {
			$store = $false
			if ($line -match ':\s*([0-9A-Za-z]{1,64})\s*$') {
				$record.Store = $Matches[1]
			}
		} elseif ($line -match '\s([0-9a-fA-F]{40})\s*$') {
			$record.Hash = $Matches[1].ToUpperInvariant()
		} elseif ($line -match '(\{[0-9a-fA-F-]{36}\})\s*$') {
			$record.AppId = $Matches[1].ToLowerInvariant()
			$store = $true
		}
	}
	return $record
}

# The value of a registry key of the machine, or nothing.
function Get-RegistryNumber {
	param([string] $Path, [string] $Name)
	$base = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
	$key = $base.OpenSubKey($Path)
	if ($null -eq $key) {
		return $null
	}
	try {
		return $key.GetValue($Name, $null)
	} finally {
		$key.Close()
	}
}

# --- Undoing ---------------------------------------------------------------

function Undo-Certificate {
	param([hashtable] $Step)
	$path = Join-Path 'Cert:\LocalMachine\My' $Step.thumbprint
	if (Test-Path -LiteralPath $path) {
		Remove-Item -LiteralPath $path -DeleteKey
	}
}

function Undo-Authority {
	param([hashtable] $Step)
	$found = Find-Certificate 'CA' $Step.thumbprint
	if ($null -ne $found) {
		$store = Open-Store 'CA' 'ReadWrite'
		$store.Remove($found)
		$store.Close()
	}
}

# Only a record that is still as it was left: newer work of others stays.
function Undo-Sslcert {
	param([hashtable] $Step)
	$now = Get-SslRecord $Step.key $Step.value
	if ($now.Hash -eq $Step.oldhash) {
		return
	}
	if ($now.Hash -ne '' -and $now.Hash -ne $Step.hash) {
		Write-Note "http.sys $($Step.value) was changed since: left alone"
		return
	}
	$key = "$($Step.key)=$($Step.value)"
	if ($now.Hash -ne '') {
		Invoke-Netsh @('http', 'delete', 'sslcert', $key)
	}
	if ($Step.oldhash -ne '') {
		Invoke-Netsh @('http', 'add', 'sslcert', $key, "certhash=$($Step.oldhash)", "appid=$($Step.oldappid)", "certstorename=$($Step.oldstore)")
	}
}

function Undo-Firewall {
	param([hashtable] $Step)
	Get-NetFirewallRule -Name $Step.name -ErrorAction SilentlyContinue |
		Remove-NetFirewallRule
}

# Above every number that a value can be: there was none.
$script:NoNumber = 2147483648

function Undo-Registry {
	param([hashtable] $Step)
	$now = Get-RegistryNumber $Step.path $Step.name
	if ($null -ne $now -and $now -ne $Step.value) {
		Write-Note "$($Step.path) $($Step.name) was changed since: left alone"
		return
	}
	$base = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
	$key = $base.CreateSubKey($Step.path)
	try {
		if ($Step.old -eq $script:NoNumber) {
			$key.DeleteValue($Step.name, $false)
		} else {
			$key.SetValue($Step.name, [int] $Step.old, 'DWord')
		}
	} finally {
		$key.Close()
	}
}

function Undo-Service {
	param([hashtable] $Step)
	Start-Service -Name $Step.name
}

$script:Undo = @{
	certificate = { param($Step) Undo-Certificate $Step }
	authority = { param($Step) Undo-Authority $Step }
	sslcert = { param($Step) Undo-Sslcert $Step }
	firewall = { param($Step) Undo-Firewall $Step }
	registry = { param($Step) Undo-Registry $Step }
	service = { param($Step) Undo-Service $Step }
}

# What a step is about, for people.
function Get-Label {
	param([hashtable] $Step)
	$label = $Step.kind
	foreach ($part in @('thumbprint', 'value', 'path', 'name')) {
		if ($Step.ContainsKey($part)) {
			$label = "$label $($Step[$part])"
		}
	}
	return $label
}

# Takes the steps back, the last one first, down to the first `Keep`.  One that
# cannot be taken back is named, and stays recorded as one that shall not be;
# the others go on.
function Undo-Steps {
	param([int] $Keep)
	$failed = 0
	$left = @()
	for ($at = $script:State.steps.Count - 1; $at -ge $Keep; $at--) {
		$step = $script:State.steps[$at]
		$label = Get-Label $step
		if (-not (Test-Step $label 'undo')) {
			$left = @($step) + $left
			continue
		}
		try {
			& $script:Undo[$step.kind] $step
			Write-Done "undone: $label"
		} catch {
			$failed++
			$left = @($step) + $left
			Write-Warning "not undone: ${label}: $($_.Exception.Message)"
		}
	}
	if (-not $WhatIfPreference) {
		$kept = @()
		for ($at = 0; $at -lt $Keep; $at++) {
			$kept += $script:State.steps[$at]
		}
		$script:State.steps = $kept + $left
		Save-State
	}
	return $failed
}

# --- The machine -----------------------------------------------------------

# A 32-bit process would see other folders and another registry.
function Assert-Machine {
	if (-not [Environment]::Is64BitProcess -and [Environment]::Is64BitOperatingSystem) {
		throw 'this is the 32-bit PowerShell: start the 64-bit one'
	}
	if (-not (Test-Path -LiteralPath (Join-Path $script:System32 'inetsrv\appcmd.exe'))) {
		throw 'IIS is not installed on this machine'
	}
}

# The folder holds a key until it is imported: administrators and the system
# alone may read it, whatever it inherited.
function Protect-Folder {
	if (-not (Test-Step $PSScriptRoot 'let only administrators and the system in')) {
		return
	}
	$said = & (Join-Path $script:System32 'icacls.exe') @($PSScriptRoot, '/inheritance:r', '/grant:r', '*S-1-5-32-544:(OI)(CI)F', '*S-1-5-18:(OI)(CI)F')
	if ($LASTEXITCODE -ne 0) {
		throw "the folder could not be protected: $said"
	}
}
