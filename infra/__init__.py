"""The cloud as code: three stacks per country and stage, and the same template on a laptop."""
