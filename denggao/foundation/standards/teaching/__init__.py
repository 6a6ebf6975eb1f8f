"""Teaching standards: written as a draft or handed in as a sheet, put in force, and looked at beside what is taught."""
