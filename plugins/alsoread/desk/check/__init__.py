"""What would an editor want to know of a contribution, and can a machine tell?"""
