"""Training bases: application, accreditation, layout, teachers, yearly appraisal."""
