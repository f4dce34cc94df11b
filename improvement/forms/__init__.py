"""Forms by which officers say how actions stand and the plan is kept, one a job."""
