"""A plan as tables that an office edits in a spreadsheet, and the edits as changes of its YAML."""
