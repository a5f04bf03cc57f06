"""The sheet a clerk fills in: exporting an empty one (`export`), and importing a filled one (`import_sheet`)."""
