# Completion of ledger for PowerShell 5.1 and newer. UTF-8 both ways, whatever the console's code page.
Register-ArgumentCompleter -Native -CommandName ledger -ScriptBlock {
    param($word, $ast, $cursor)
    $console = [Console]::OutputEncoding
    $python = $Env:PYTHONIOENCODING
    try {
        [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
        $Env:PYTHONIOENCODING = 'utf-8'
        $Env:LEDGER_COMPLETE = "=$word"
        $before = @($ast.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursor })
        $words = @($before | ForEach-Object { if ($null -ne $_.Value) { $_.Value } else { $_.Extent.Text } })
        & ledger @words 2>$null | ForEach-Object {
            $value, $about = $_ -split "`t", 2
            if (-not $about) { $about = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
        }
    } finally {
        $Env:LEDGER_COMPLETE = $null
        $Env:PYTHONIOENCODING = $python
        [Console]::OutputEncoding = $console
    }
}
