"""The toolbox under the floor: settings, database, jobs, cache, errors. It knows no room and owns the table of jobs."""
