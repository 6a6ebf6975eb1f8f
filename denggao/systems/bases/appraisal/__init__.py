"""The yearly appraisal (B-8): indicators, how they are filled and marked."""
