#requires -Version 4.0
#requires -RunAsAdministrator
<#
.SYNOPSIS
Finishes on Windows what https-setup began in the files of IIS.

.DESCRIPTION
Imports the certificate, gives it to http.sys, opens the firewall, switches old
protocols off, restarts the services of the product, and looks whether the site
answers with the certificate.  What is in place already is left alone, so it may
be run again.  It stops at the first error and takes back what this run did.
https-setup-undo.ps1 takes back everything.

.PARAMETER PassphraseFile
A file whose first line is the passphrase of the certificate.  Without it the
file beside this script is used, and where there is none you are asked.

.EXAMPLE
.\https-setup-apply.ps1 -WhatIf
Says what it would do, and does nothing.
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
	[string] $PassphraseFile = ''
)

. (Join-Path $PSScriptRoot 'https-setup-common.ps1')
$script:Caller = $PSCmdlet
$script:AppId = '{4dc3e181-e14b-4a21-b022-59fc669b0914}'

# --- The certificate -------------------------------------------------------

# The passphrase never is an argument, nor a text longer than needed.
function Read-Passphrase {
	$path = $script:SecretFile
	if ($PassphraseFile -ne '') {
		$path = $PassphraseFile
	}
	if (-not (Test-Path -LiteralPath $path)) {
		return Read-Host -Prompt 'Passphrase of the certificate' -AsSecureString
	}
	$secure = New-Object -TypeName Security.SecureString
	foreach ($character in ([IO.File]::ReadAllLines($path)[0]).ToCharArray()) {
		$secure.AppendChar($character)
	}
	$secure.MakeReadOnly()
	return $secure
}

function Install-Certificate {
	param([hashtable] $Data)
	$label = "certificate $($Data.Thumbprint)"
	$found = Find-Certificate 'My' $Data.Thumbprint
	if ($null -ne $found -and $found.HasPrivateKey) {
		Write-Done "$label is in LocalMachine\My with its key"
		return
	}
	if (-not (Test-Path -LiteralPath $script:PfxFile)) {
		throw "$($script:PfxFile) is missing: run https-setup apply again, it writes a new one"
	}
	if (-not (Test-Step $label 'import into LocalMachine\My')) {
		return
	}
	$passphrase = Read-Passphrase
	if ($null -eq $found) {
		Add-Step @{ kind = 'certificate'; thumbprint = $Data.Thumbprint }
	}
	$null = Import-PfxCertificate -FilePath $script:PfxFile -CertStoreLocation 'Cert:\LocalMachine\My' -Password $passphrase
	$found = Find-Certificate 'My' $Data.Thumbprint
	if ($null -eq $found -or -not $found.HasPrivateKey) {
		throw "the file that was imported does not hold $label with its key"
	}
	Write-Done "$label imported into LocalMachine\My"
}

# Clients need the certificates between that of the site and its root.
function Install-Chain {
	param([hashtable] $Data)
	foreach ($encoded in $Data.Chain) {
		$bytes = [Convert]::FromBase64String($encoded)
		$authority = New-Object -TypeName Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList (, $bytes)
		$thumbprint = $authority.Thumbprint
		if ($null -ne (Find-Certificate 'CA' $thumbprint)) {
			Write-Done "issuer $thumbprint is in LocalMachine\CA"
		} elseif (Test-Step "issuer $thumbprint" 'add to LocalMachine\CA') {
			Add-Step @{ kind = 'authority'; thumbprint = $thumbprint }
			$store = Open-Store 'CA' 'ReadWrite'
			$store.Add($authority)
			$store.Close()
			Write-Done "issuer $thumbprint added to LocalMachine\CA"
		}
	}
}

# --- http.sys --------------------------------------------------------------

function Set-SslRecord {
	param([hashtable] $Data, [hashtable] $Binding)
	$key = "$($Binding.Kind)=$($Binding.Value)"
	$old = Get-SslRecord $Binding.Kind $Binding.Value
	if ($old.Hash -eq $Data.Thumbprint -and $old.AppId -eq $script:AppId -and $old.Store -eq 'MY') {
		Write-Done "http.sys has the certificate for $key"
		return
	}
	if (-not (Test-Step $key 'give the certificate to http.sys')) {
		return
	}
	$step = @{
		kind = 'sslcert'; key = $Binding.Kind; value = $Binding.Value
		hash = $Data.Thumbprint; oldhash = $old.Hash
		oldappid = $old.AppId; oldstore = $old.Store
	}
	if ($old.Hash -ne '' -and $old.Store -eq '') {
		$step.oldstore = 'MY'
	}
	if ($old.Hash -ne '') {
		Write-Note "http.sys had this record for ${key}:"
		foreach ($line in $old.Text) {
			Write-Host "      $line"
		}
	}
	Add-Step $step
	if ($old.Hash -ne '') {
		Invoke-Netsh @('http', 'delete', 'sslcert', $key)
	}
	Invoke-Netsh @('http', 'add', 'sslcert', $key, "certhash=$($Data.Thumbprint)", "appid=$($script:AppId)", 'certstorename=MY')
	Write-Done "http.sys gives the certificate for $key"
}

# --- Firewall --------------------------------------------------------------

function Add-FirewallRule {
	param([string] $Kind, [long] $Port)
	$kinds = @{
		in = @{ Direction = 'Inbound'; Action = 'Allow' }
		out = @{ Direction = 'Outbound'; Action = 'Allow' }
		block = @{ Direction = 'Inbound'; Action = 'Block' }
	}
	$name = "https-setup-$Kind-$Port"
	$rule = Get-NetFirewallRule -Name $name -ErrorAction SilentlyContinue
	if ($null -ne $rule) {
		Write-Done "firewall rule $name is there"
		if ("$($rule.Enabled)" -ne 'True') {
			Write-Note "firewall rule $name was disabled by somebody: left so"
		}
		return
	}
	if (-not (Test-Step "firewall rule $name" 'add')) {
		return
	}
	Add-Step @{ kind = 'firewall'; name = $name }
	$what = $kinds[$Kind]
	$null = New-NetFirewallRule -Name $name -DisplayName $name -Group 'https-setup' -Direction $what.Direction -Action $what.Action -Protocol TCP -LocalPort $Port -Profile Any
	Write-Done "firewall rule $name added"
}

# Answers leave by themselves where nothing forbids it; where all that leaves
# is blocked the port needs a rule of its own.
function Test-OutboundBlocked {
	foreach ($zone in (Get-NetFirewallProfile -PolicyStore ActiveStore)) {
		if ("$($zone.Enabled)" -eq 'True' -and "$($zone.DefaultOutboundAction)" -eq 'Block') {
			return $true
		}
	}
	return $false
}

function Set-Firewall {
	param([hashtable] $Data)
	foreach ($port in $Data.Open) {
		Add-FirewallRule 'in' $port
		if (Test-OutboundBlocked) {
			Add-FirewallRule 'out' $port
		}
	}
	foreach ($port in $Data.Close) {
		Add-FirewallRule 'block' $port
	}
}

# --- Old protocols ---------------------------------------------------------

function Set-RegistryNumber {
	param([string] $Path, [string] $Name, [int] $Value)
	$old = Get-RegistryNumber $Path $Name
	if ($old -eq $Value -and $null -ne $old) {
		return
	}
	if (-not (Test-Step "$Path $Name" "set to $Value")) {
		return
	}
	if ($null -eq $old) {
		$old = $script:NoNumber
	}
	Add-Step @{ kind = 'registry'; path = $Path; name = $Name; value = $Value; old = $old }
	$base = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
	$key = $base.CreateSubKey($Path)
	try {
		$key.SetValue($Name, $Value, 'DWord')
	} finally {
		$key.Close()
	}
	$script:NeedsRestart = $true
}

# What the machine serves; what it asks of others is left alone.
function Disable-OldProtocols {
	param([hashtable] $Data)
	if ($Data.Profile -eq 'keep') {
		Write-Note 'protocols are left as they are'
		return
	}
	foreach ($protocol in @('SSL 2.0', 'SSL 3.0', 'TLS 1.0', 'TLS 1.1')) {
		$path = "$($script:Protocols)\$protocol\Server"
		Set-RegistryNumber $path 'Enabled' 0
		Set-RegistryNumber $path 'DisabledByDefault' 1
	}
	foreach ($cipher in @('RC4 128/128', 'RC4 56/128', 'RC4 40/128')) {
		Set-RegistryNumber "$($script:Ciphers)\$cipher" 'Enabled' 0
	}
	if (-not $WhatIfPreference) {
		Write-Done 'SSL 2.0 to TLS 1.1 and RC4 are off for servers'
	}
	if ($Data.Profile -eq 'modern') {
		Enable-NewProtocol
	}
}

# Before Server 2022 TLS 1.3 is not safe to switch on.
function Enable-NewProtocol {
	$version = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
	if ([int] $version.CurrentBuildNumber -lt 20348) {
		Write-Note 'this Windows has no TLS 1.3: TLS 1.2 stays the newest'
		return
	}
	$path = "$($script:Protocols)\TLS 1.3\Server"
	Set-RegistryNumber $path 'Enabled' 1
	Set-RegistryNumber $path 'DisabledByDefault' 0
	if (-not $WhatIfPreference) {
		Write-Done 'TLS 1.3 is on'
	}
}

# --- Services --------------------------------------------------------------

function Stop-Product {
	param([string] $Name)
	$service = Get-Service -Name $Name -ErrorAction SilentlyContinue
	if ($null -eq $service) {
		Write-Note "there is no service $Name"
		return
	}
	if ("$($service.Status)" -ne 'Running') {
		Write-Note "service $Name is not running: left so"
		return
	}
	if (-not (Test-Step "service $Name" 'stop, to be started again')) {
		return
	}
	$names = @()
	foreach ($dependent in $service.DependentServices) {
		if ("$($dependent.Status)" -eq 'Running') {
			$names += $dependent.Name
		}
	}
	# in this order they stop, and in the other one they start
	$names += $Name
	foreach ($each in $names) {
		$script:Stopped += $each
		Add-Step @{ kind = 'service'; name = $each }
	}
	Stop-Service -Name $Name -Force
	Write-Done "service $Name stopped"
}

# A file that the product wrote again while it stopped is not the planned one.
function Assert-Files {
	param([hashtable] $Data)
	foreach ($file in $Data.Files) {
		if ((Get-Digest $file.Path) -ne $file.Digest) {
			throw "$($file.Path) is not as https-setup wrote it: run https-setup apply again while the product is stopped"
		}
		Write-Done "$($file.Path) is as planned"
	}
}

function Start-Products {
	for ($at = $script:Stopped.Count - 1; $at -ge 0; $at--) {
		Start-Service -Name $script:Stopped[$at]
		Write-Done "service $($script:Stopped[$at]) started"
	}
	$script:State.steps = @($script:State.steps | Where-Object { $_.kind -ne 'service' })
	Save-State
}

# Once for each set of data: run again with the same, nothing is interrupted.
function Restart-Products {
	param([hashtable] $Data)
	$script:Stopped = @()
	if ($script:State.finished -eq $Data.Digest -or $Data.Services.Count + $Data.Files.Count -eq 0) {
		return
	}
	foreach ($name in $Data.Services) {
		Stop-Product $name
	}
	if (-not $WhatIfPreference) {
		Assert-Files $Data
		Start-Products
	}
}

# --- IIS, and the proof ----------------------------------------------------

# IIS sees the new file by itself; here only whether it can read it.
function Assert-Iis {
	param([hashtable] $Data)
	$said = & (Join-Path $script:System32 'inetsrv\appcmd.exe') @('list', 'site', "/id:$($Data.SiteId)")
	if ($LASTEXITCODE -ne 0) {
		throw "IIS cannot read its configuration, or has no site $($Data.SiteId): $said"
	}
	Write-Done "IIS: $said"
	$service = Get-Service -Name 'W3SVC'
	if ("$($service.Status)" -ne 'Running' -and (Test-Step 'service W3SVC' 'start')) {
		Start-Service -Name 'W3SVC'
		Write-Done 'service W3SVC started'
	}
}

# The name to ask an address for: that of its binding, where it has one.
function Get-ProbedName {
	param([hashtable] $Data, [hashtable] $Binding)
	if ($Binding.HostName -eq '' -or $Binding.HostName.StartsWith('*')) {
		return $Data.Name
	}
	return $Binding.HostName
}

# The thumbprint that an address serves for that name, or nothing.
function Get-ServedThumbprint {
	param([hashtable] $Data, [hashtable] $Binding)
	$address = [Net.IPAddress]::Parse($Binding.Address.Trim('[', ']'))
	$client = New-Object -TypeName Net.Sockets.TcpClient -ArgumentList $address.AddressFamily
	$any = [Net.Security.RemoteCertificateValidationCallback] { $true }
	try {
		$client.Connect($address, $Binding.Port)
		$stream = $client.GetStream()
		$tls = New-Object -TypeName Net.Security.SslStream -ArgumentList $stream, $false, $any
		$tls.AuthenticateAsClient((Get-ProbedName $Data $Binding), $null, [Security.Authentication.SslProtocols]::Tls12, $false)
		$served = New-Object -TypeName Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $tls.RemoteCertificate
		return $served.Thumbprint
	} catch {
		$script:LastError = $_.Exception.Message
		return ''
	} finally {
		$client.Close()
	}
}

function Assert-Served {
	param([hashtable] $Data, [hashtable] $Binding)
	$where = "$($Binding.Address):$($Binding.Port)"
	$script:LastError = ''
	for ($try = 0; $try -lt 30; $try++) {
		$served = Get-ServedThumbprint $Data $Binding
		if ($served -eq $Data.Thumbprint) {
			Write-Done "$where answers with the certificate"
			return
		}
		Start-Sleep -Seconds 1
	}
	if ($served -ne '') {
		throw "$where answers with another certificate: $served"
	}
	throw "$where does not answer: $($script:LastError)"
}

# --- All of it -------------------------------------------------------------

function Remove-Secrets {
	foreach ($path in @($script:PfxFile, $script:SecretFile)) {
		if ((Test-Path -LiteralPath $path) -and (Test-Step $path 'delete')) {
			Remove-Item -LiteralPath $path
			Write-Done "$path deleted"
		}
	}
}

function Write-Checklist {
	param([hashtable] $Data)
	if ($Data.Checklist.Count -gt 0) {
		Write-Host 'Left for you:'
	}
	$number = 0
	foreach ($line in $Data.Checklist) {
		$number++
		Write-Host " $number. $line"
	}
}

function Invoke-Apply {
	param([hashtable] $Data)
	Protect-Folder
	Install-Certificate $Data
	Install-Chain $Data
	foreach ($binding in $Data.Bindings) {
		Set-SslRecord $Data $binding
	}
	Set-Firewall $Data
	Disable-OldProtocols $Data
	Assert-Iis $Data
	Restart-Products $Data
	if (-not $WhatIfPreference) {
		foreach ($binding in $Data.Bindings) {
			Assert-Served $Data $binding
		}
		$script:State.finished = $Data.Digest
		Save-State
	}
	Remove-Secrets
}

$script:NeedsRestart = $false
$status = 1
Start-Log
try {
	Assert-Machine
	$data = Read-Data
	$script:State = Read-State
	$kept = $script:State.steps.Count
	Write-Host "https-setup: $($data.Name), site $($data.SiteName)"
	try {
		Invoke-Apply $data
		$status = 0
	} catch {
		Write-Warning $_.Exception.Message
		Write-Host 'Taking back what this run did:'
		$failed = Undo-Steps $kept
		Write-Host "$failed steps could not be taken back. The files that https-setup changed stay: https-setup rollback takes them back."
	}
	if ($status -eq 0) {
		if ($script:NeedsRestart) {
			Write-Note 'protocols change with the next restart of the machine'
		}
		Write-Checklist $data
		if ($WhatIfPreference) {
			Write-Host 'https-setup: nothing was done, this was a dry run'
		} else {
			Write-Host 'https-setup: done'
		}
	}
} catch {
	Write-Warning $_.Exception.Message
} finally {
	Stop-Log
}
exit $status
