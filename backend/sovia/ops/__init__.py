"""The caretaker: embedded PostgreSQL, migrations, supervision, the doctor, the demo. It owns no tables."""
