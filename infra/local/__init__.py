"""The local cloud: the emulator, the deployment, the front door and what stands in for the world."""
